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
  find('#reveal').textContent = `${data.words.guess_reveal}${number.format(guess.value)} ${data.words.guess_unit}.`;
  document.querySelectorAll('section[hidden]').forEach((section) => { section.hidden = false; });
});

const chosen = (name) => document.querySelector(`input[name="${name}"]:checked`).value;
const draw = () => {
  const { dots, figures } = data.outcomes[chosen('many')][chosen('how')];
  const mistaken = truth.checked ? dots[1] : 0;
  find('#dots').replaceChildren(...Array.from({ length: 100 }, (_, k) => {
    const dot = document.createElement('span');
    dot.className = k < mistaken ? 'wrong' : k < dots[0] ? 'found' : 'nothing';
    return dot;
  }));
  find('#tell').replaceChildren(...data.words.tell.filter((one) => truth.checked || !one.truth).map(({ figure, text }) => {
    const item = document.createElement('li');
    item.textContent = `${number.format(figures[figure])}${text.startsWith('-') ? '' : ' '}${text}`;
    return item;
  }));
};
document.querySelectorAll('#play input').forEach((input) => input.addEventListener('change', draw));

// A stylised rule: what the average of a year's earnings takes off the benefit of each fortnight without work.
const average = () => {
  const { fortnights, wage, free, taper, benefit, currency } = data.averaging, worked = Number(find('#worked').value);
  const money = new Intl.NumberFormat(document.documentElement.lang, { style: 'currency', currency, maximumFractionDigits: 0 });
  const less = Math.min(benefit, taper * Math.max(0, wage * worked / fortnights - free));
  find('#fortnights').textContent = worked;
  find('#owed').textContent = money.format(0);
  find('#asserted').textContent = money.format(less * (fortnights - worked));
};
if (data.averaging) {
  find('#worked').addEventListener('input', average);
  average();
}

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
