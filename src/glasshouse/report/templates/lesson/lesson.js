const data = JSON.parse(document.querySelector('main').dataset.lesson);
const find = (selector) => document.querySelector(selector);
const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });
const percent = new Intl.NumberFormat(document.documentElement.lang, { style: 'percent', maximumFractionDigits: 0 });
const guess = find('#guess'), truth = find('#truth'), cases = find('#cases');

const tellGuess = () => { find('#guessed').textContent = `${number.format(guess.value)} ${data.words.guess_unit}`; };
guess.addEventListener('input', tellGuess);
find('#lock').addEventListener('click', () => {
  guess.disabled = true;
  find('#lock').disabled = true;
  find('#reveal').textContent = `${data.words.guess_reveal}${number.format(guess.value)} %.`;
  find('#play').hidden = false;
  find('#published').hidden = false;
});

const chosen = (name) => document.querySelector(`input[name="${name}"]:checked`).value;
const draw = () => {
  const one = data.outcomes[chosen('many')][chosen('how')];
  const found = Math.round(one.share[0]), wrong = one.found > 0 ? one.wrong / one.found : 0;
  const mistaken = truth.checked ? Math.round(found * wrong) : 0;
  find('#dots').replaceChildren(...Array.from({ length: 100 }, (_, k) => {
    const dot = document.createElement('span');
    dot.className = k < mistaken ? 'wrong' : k < found ? 'found' : 'nothing';
    return dot;
  }));
  const tell = [[one.share[0], data.words.tell_found]];
  if (truth.checked) tell.push([one.for_nothing, data.words.tell_nothing], [100 * wrong, data.words.tell_wrong], [one.times, data.words.tell_times]);
  find('#tell').replaceChildren(...tell.map(([value, text]) => {
    const item = document.createElement('li');
    item.textContent = text.startsWith('-') ? `${number.format(value)}${text}` : `${number.format(value)} ${text}`;
    return item;
  }));
};
document.querySelectorAll('#play input').forEach((input) => input.addEventListener('change', draw));

const audit = () => {
  const [count, power] = data.power[Number(cases.value)];
  find('#count').textContent = number.format(count);
  find('#chance').textContent = percent.format(power);
};
cases.addEventListener('input', audit);
find('#print').addEventListener('click', () => window.print());
tellGuess();
draw();
audit();
