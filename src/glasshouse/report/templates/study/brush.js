for (const figure of document.querySelectorAll('[data-parallel]')) {
  const { axes, shares } = JSON.parse(figure.dataset.parallel);
  const lines = [...figure.querySelectorAll('.mark-line path')];
  if (lines.length !== shares.length) continue;
  const group = figure.querySelector('.mark-line').parentNode.closest('g.layer_1_pathgroup, g.mark-group').parentNode;
  const places = lines[0].getAttribute('d').match(/-?[\d.]+/g).map(Number).filter((_, k) => k % 2 === 0);
  const height = Number(figure.dataset.height), ranges = axes.map(() => [0, 1]);
  const make = (name, more, parent) => {
    const svg = ['rect'].includes(name);
    const made = svg ? document.createElementNS('http://www.w3.org/2000/svg', name) : document.createElement(name);
    for (const [key, value] of Object.entries(more)) key === 'text' ? made.textContent = value : made.setAttribute(key, value);
    return parent.appendChild(made);
  };
  const value = (axis, share) => {
    const number = axis.bottom + share * (axis.top - axis.bottom);
    const text = number.toFixed(axis.digits);
    return (Number(text) ? text.replace('-', '\u2212') : text.replace('-', '')) + axis.unit;
  };
  const status = make('p', { class: 'selection', 'aria-live': 'polite' }, figure), count = make('span', {}, status);
  const reset = make('button', { type: 'button', text: 'Keep all' }, status);
  make('p', { class: 'hint', text: 'Drag along an axis, or move its sliders, to keep the lines that pass there.' }, figure);
  const box = make('div', { class: 'sliders' }, figure);
  const parts = axes.map((axis, k) => {
    const brush = make('rect', { class: 'brush', x: places[k] - 9, width: 18, y: 0, height: 0 }, group);
    const hit = make('rect', { class: 'hit', x: places[k] - 20, width: 40, y: -4, height: height + 8 }, group);
    const field = make('fieldset', {}, box);
    make('legend', { text: axis.name }, field);
    const inputs = ['worse end', 'better end'].map((text, end) => {
      const label = make('label', { text }, field);
      return make('input', { type: 'range', min: 0, max: 1, step: 0.01, value: end, 'aria-label': axis.name + ', ' + text }, label);
    });
    const output = make('output', {}, field);
    inputs.forEach((input, end) => input.addEventListener('input', () => {
      ranges[k][end] = Number(input.value);
      if (ranges[k][0] > ranges[k][1]) ranges[k][1 - end] = ranges[k][end];
      draw();
    }));
    const share = (event) => {
      const where = new DOMPoint(event.clientX, event.clientY).matrixTransform(group.getScreenCTM().inverse());
      return Math.min(Math.max(1 - where.y / height, 0), 1);
    };
    let from = null;
    hit.addEventListener('pointerdown', (event) => { from = share(event); hit.setPointerCapture(event.pointerId); });
    hit.addEventListener('pointermove', (event) => {
      if (from === null) return;
      const to = share(event);
      ranges[k] = [Math.min(from, to), Math.max(from, to)];
      draw();
    });
    hit.addEventListener('pointerup', (event) => {
      if (from !== null && Math.abs(share(event) - from) < 0.01) ranges[k] = [0, 1];
      from = null;
      draw();
    });
    return { brush, inputs, output };
  });
  const draw = () => {
    let number = 0;
    lines.forEach((line, row) => {
      const keep = ranges.every(([low, high], k) => shares[row][k] >= low - 1e-9 && shares[row][k] <= high + 1e-9);
      number += keep;
      line.style.opacity = keep ? '' : '0.06';
    });
    parts.forEach(({ brush, inputs, output }, k) => {
      const [low, high] = ranges[k], whole = low === 0 && high === 1;
      brush.setAttribute('y', (1 - high) * height);
      brush.setAttribute('height', whole ? 0 : Math.max((high - low) * height, 1));
      inputs.forEach((input, end) => { input.value = ranges[k][end]; });
      output.textContent = value(axes[k], low) + ' to ' + value(axes[k], high);
    });
    count.textContent = number + ' of ' + lines.length + ' points are kept.';
    figure.dataset.selected = number;
  };
  reset.addEventListener('click', () => { ranges.forEach((_, k) => { ranges[k] = [0, 1]; }); draw(); });
  draw();
}
