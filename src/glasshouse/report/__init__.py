"""Pages and documents: what is known of a run, a study or a model, as HTML, Markdown and SVG."""
