// A town of dots on a street map: where everybody stands, and what each dot shows in a week.

const BITS = { file: 1, listed: 2, wrong: 4, problem: 8, complains: 16, protests: 32, afraid: 64, known: 128 };

const bytes = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));

// A number between 0 and 1 that belongs to a whole number: the same town stands the same way every time.
const jitter = (n) => {
  const mixed = Math.imul(n ^ 0x9e3779b9, 0x85ebca6b) >>> 0;
  return ((mixed ^ (mixed >>> 13)) >>> 0) / 4294967296;
};

export class Town {
  constructor(animation) {
    Object.assign(this, { weeks: animation.weeks, people: animation.people, since: animation.since, soFar: animation.so_far });
    this.states = bytes(animation.states);
    this.adults = new Set(animation.adults);
    this.places = layout(animation);
  }

  state(arm, week, person) {
    return this.states[(arm * this.weeks + week) * this.people + person];
  }

  count(fact, arm, week) {
    return this.soFar[fact][arm][week];
  }

  // The first adult whom the regime restricts without cause, else the first whom it restricts, else nobody.
  telling() {
    for (const bit of [BITS.wrong, BITS.listed]) {
      for (let week = this.since; week < this.weeks; week += 1) {
        for (const person of this.adults) if (this.state(1, week, person) & bit) return person;
      }
    }
    return -1;
  }
}

// Districts are blocks between streets; in a block households stand in rows, their members side by side.
function layout(animation) {
  const blocks = animation.districts.length;
  const across = Math.ceil(Math.sqrt(blocks * 1.25));
  const down = Math.ceil(blocks / across);
  const street = 0.22;
  const places = new Float32Array(2 * animation.people);
  let person = 0;
  animation.districts.forEach((size, block) => {
    const left = block % across, top = Math.floor(block / across);
    const perRow = Math.ceil(Math.sqrt(size * 1.1));
    const rows = Math.ceil(size / perRow);
    for (let n = 0; n < size; n += 1, person += 1) {
      const x = ((n % perRow) + 0.5 + 0.34 * (jitter(animation.households[person]) - 0.5)) / perRow;
      const y = (Math.floor(n / perRow) + 0.5 + 0.34 * (jitter(animation.households[person] + 77777) - 0.5)) / rows;
      places[2 * person] = (left + street / 2 + x * (1 - street)) / across;
      places[2 * person + 1] = (top + street / 2 + y * (1 - street)) / down;
    }
  });
  return { at: places, across, down, street, blocks };
}

const colours = () => {
  const style = getComputedStyle(document.documentElement);
  const named = {};
  for (const name of ["paper", "block", "plain", "child", "file", "listed", "wrong", "speaks", "afraid", "ink"]) {
    named[name] = style.getPropertyValue(`--${name}`).trim();
  }
  return named;
};

export class Canvas {
  constructor(element) {
    this.element = element;
    this.arm = Number(element.dataset.arm);
  }

  fit() {
    const sharp = Math.min(window.devicePixelRatio || 1, 2);
    const width = Math.round(this.element.clientWidth * sharp), height = Math.round(this.element.clientHeight * sharp);
    if (this.element.width !== width || this.element.height !== height) Object.assign(this.element, { width, height });
  }

  draw(town, week, followed) {
    this.fit();
    const context = this.element.getContext("2d");
    const { width, height } = this.element;
    const colour = colours();
    const { at, across, down, street, blocks } = town.places;
    context.fillStyle = colour.paper;
    context.fillRect(0, 0, width, height);
    context.fillStyle = colour.block;
    for (let block = 0; block < blocks; block += 1) {
      const x = ((block % across) + street / 4) / across, y = (Math.floor(block / across) + street / 4) / down;
      context.fillRect(x * width, y * height, ((1 - street / 2) / across) * width, ((1 - street / 2) / down) * height);
    }
    const unit = Math.sqrt((width * height) / town.people) / 9;
    for (let person = 0; person < town.people; person += 1) {
      const adult = town.adults.has(person);
      mark(context, colour, at[2 * person] * width, at[2 * person + 1] * height, unit, adult, town.state(this.arm, week, person));
    }
    if (followed >= 0) {
      context.strokeStyle = colour.ink;
      context.lineWidth = unit * 0.7;
      context.beginPath();
      context.arc(at[2 * followed] * width, at[2 * followed + 1] * height, unit * 5, 0, 2 * Math.PI);
      context.stroke();
    }
  }
}

function mark(context, colour, x, y, unit, adult, state) {
  const listed = state & BITS.listed, wrong = state & BITS.wrong;
  if (adult && listed) {
    const side = unit * 2.6;
    context.fillStyle = wrong ? colour.wrong : colour.listed;
    context.fillRect(x - side, y - side, 2 * side, 2 * side);
    if (wrong) {
      context.strokeStyle = colour.paper;
      context.lineWidth = unit * 0.8;
      context.beginPath();
      context.moveTo(x - side, y - side);
      context.lineTo(x + side, y + side);
      context.moveTo(x + side, y - side);
      context.lineTo(x - side, y + side);
      context.stroke();
    }
    return;
  }
  const speaks = state & (BITS.complains | BITS.protests), afraid = state & BITS.afraid;
  const radius = unit * (speaks ? 2.9 : afraid ? 2.2 : adult ? 1.7 : 1.1);
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  if (adult && afraid) {
    context.strokeStyle = colour.afraid;
    context.lineWidth = unit;
    context.stroke();
    return;
  }
  context.fillStyle = !adult ? colour.child : speaks ? colour.speaks : state & BITS.file ? colour.file : colour.plain;
  context.fill();
}
