for (const box of document.querySelectorAll('.runs')) {
  const body = box.querySelector('tbody'), rows = [...body.rows], heads = [...box.querySelectorAll('th')];
  const label = document.createElement('label'), input = document.createElement('input'), count = document.createElement('span');
  label.textContent = 'Only rows with';
  input.type = 'search';
  label.append(input);
  count.setAttribute('aria-live', 'polite');
  box.querySelector('.wide').before(label, ' ', count);
  input.addEventListener('input', () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      row.hidden = !words.every((word) => row.textContent.toLowerCase().includes(word));
      shown += !row.hidden;
    }
    count.textContent = words.length ? shown + ' of ' + rows.length + ' rows' : '';
  });
  heads.forEach((head, k) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener('click', () => {
      const down = head.getAttribute('aria-sort') === 'ascending' ? -1 : 1;
      heads.forEach((other) => other.removeAttribute('aria-sort'));
      head.setAttribute('aria-sort', down === 1 ? 'ascending' : 'descending');
      const key = (row) => row.cells[k].textContent.replace(/,/g, '').replace('\u2212', '-');
      rows.sort((one, other) => {
        const [a, b] = [key(one), key(other)], difference = Number(a) - Number(b);
        return down * (Number.isNaN(difference) || !a || !b ? a.localeCompare(b) : difference);
      });
      body.append(...rows);
    });
  });
}
