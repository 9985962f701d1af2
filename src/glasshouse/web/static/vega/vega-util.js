// What the interpreter needs of vega-util, from the copy that Vega carries: a page without a bundler knows no bare names.
export const { ascending, isString, DisallowedObjectProperties } = window.vega;
