// The page's behaviour: theme, charts, leaderboard, run picker, copy buttons, navigation, print. No network, no dependencies
// but plotly.js. Figures arrive as JSON beside their place; colours in them are CSS properties, resolved when drawn.
'use strict';
(() => {
  const root = document.documentElement;
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];

  // Theme: the system's until the reader chooses; the choice is kept where the browser lets a file keep one.
  const system = matchMedia('(prefers-color-scheme: dark)');
  const remember = value => { try { return value ? localStorage.setItem('report-theme', value) : localStorage.getItem('report-theme'); } catch { return null; } };
  const isDark = () => (root.dataset.theme ?? (system.matches ? 'dark' : 'light')) === 'dark';
  const setTheme = theme => {
    if (theme === 'dark' || theme === 'light') { root.dataset.theme = theme; root.style.colorScheme = theme; }
  };
  setTheme(remember());
  document.getElementById('theme').addEventListener('click', () => {
    setTheme(isDark() ? 'light' : 'dark');
    remember(root.dataset.theme);
    redraw();
  });
  system.addEventListener('change', () => redraw());

  // Charts.
  const probe = document.body.appendChild(document.createElement('span'));
  probe.hidden = true;
  const colour = value => { probe.style.color = value; return getComputedStyle(probe).color; };
  const resolve = (value, isColour) =>
    Array.isArray(value) ? value.map(item => resolve(item, isColour))
      : value && typeof value === 'object' ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(item, isColour || key.startsWith('color'))]))
        : isColour && typeof value === 'string' && value.startsWith('var(') ? colour(value) : value;

  const coarse = matchMedia('(pointer: coarse)').matches;
  const axis = own => own && {
    gridcolor: colour('var(--line)'), linecolor: colour('var(--line)'), fixedrange: coarse, ...own,
    title: own.title && { ...own.title, standoff: 8, font: { size: 12, color: colour('var(--ink-2)') } },
    tickfont: { color: colour('var(--ink-2)'), size: 11.5 },
  };
  const themed = (layout, width) => {
    const { title: _, ...rest } = resolve(layout, false);
    return {
      ...rest,
      width: undefined,
      xaxis: axis(rest.xaxis), yaxis: axis(rest.yaxis), ...(rest.yaxis2 && { yaxis2: axis(rest.yaxis2) }),
      paper_bgcolor: 'rgba(0,0,0,0)', plot_bgcolor: 'rgba(0,0,0,0)',
      font: { family: getComputedStyle(document.body).fontFamily, size: 12, color: colour('var(--ink)') },
      hoverlabel: { bgcolor: colour('var(--raised)'), bordercolor: colour('var(--line-strong)'), font: { color: colour('var(--ink)') } },
      margin: { l: 48, r: 16, t: 24, b: 40 },
      legend: { traceorder: 'normal', font: { size: 11.5 }, ...(width < 620 || layout.height <= 400) && { orientation: 'h', x: 0, y: layout.annotations ? 1.1 : 1.02, yanchor: 'bottom' } },
      annotations: rest.annotations?.map(note => ({ ...note, font: { size: 10.5, color: colour('var(--ink-2)') } })),
      autosize: true,
    };
  };
  const figures = new WeakMap();
  const draw = plot => {
    let figure = figures.get(plot);
    if (!figure) figures.set(plot, figure = JSON.parse(plot.parentElement.querySelector('script.figure').textContent));
    Plotly.react(plot, resolve(figure.data, false), themed(figure.layout, plot.clientWidth), { displayModeBar: false, responsive: true });
    if (!plot.dataset.drawn && plot.closest('.matrix')) {
      const panel = plot.closest('.panel').querySelector('details.confused');
      const labels = figure.data[0].labels;
      if (panel && labels) plot.on('plotly_click', ({ points: [{ x, y }] }) => x !== y && showCell(panel, labels[y], labels[x]));
    }
    plot.dataset.drawn = 'yes';
  };
  const drawn = () => all('.plot[data-drawn]');
  const redraw = () => drawn().forEach(draw);
  const nearing = new IntersectionObserver(entries => entries.filter(entry => entry.isIntersecting).forEach(({ target }) => {
    nearing.unobserve(target);
    draw(target);
  }), { rootMargin: '400px' });
  all('.plot').forEach(plot => nearing.observe(plot));

  // Leaderboard: each row carries its figures as data attributes; rows without a figure stay at the end.
  for (const table of all('table.sortable')) {
    const body = table.tBodies[0];
    const buttons = all('thead button', table);
    const sort = (key, direction) => {
      const sign = direction === 'ascending' ? 1 : -1;
      const order = (a, b) => {
        const [x, y] = [a.dataset[key], b.dataset[key]];
        if (x === '' || y === '') return (x === '') - (y === '');
        const [m, n] = [Number(x), Number(y)];
        return sign * (Number.isNaN(m) || Number.isNaN(n) ? x.localeCompare(y, 'en', { numeric: true }) : m - n);
      };
      body.append(...[...body.rows].sort(order));
      for (const button of buttons) {
        const head = button.parentElement;
        if (button.dataset.key === key) head.setAttribute('aria-sort', direction); else head.removeAttribute('aria-sort');
      }
    };
    for (const button of buttons) {
      button.addEventListener('click', () => {
        const now = button.parentElement.getAttribute('aria-sort');
        const first = button.dataset.first ?? 'ascending';
        sort(button.dataset.key, !now ? first : now === 'ascending' ? 'descending' : 'ascending');
      });
    }
    const filter = table.closest('section').querySelector('.filter');
    filter?.addEventListener('input', () => {
      const wanted = filter.value.trim().toLowerCase();
      const rows = [...body.rows];
      rows.forEach(row => { row.hidden = !row.textContent.toLowerCase().includes(wanted); });
      const shown = rows.filter(row => !row.hidden).length;
      table.closest('section').querySelector('.shown').value = `${shown} of ${rows.length} runs`;
    });
  }

  // One run's panel at a time.
  for (const picker of all('select.picker')) {
    picker.addEventListener('change', () => {
      for (const option of picker.options) document.getElementById(option.value).hidden = option.value !== picker.value;
    });
  }
  for (const button of all('.open-all')) {
    button.addEventListener('click', () => all(button.dataset.target).forEach(details => { details.open = true; }));
  }

  // The surest mistakes, as they are or under what the network looked at.
  for (const button of all('.look')) {
    button.hidden = false;
    button.addEventListener('click', () => button.setAttribute('aria-pressed', button.closest('.mistakes').classList.toggle('looking')));
  }

  // A cell of a confusion matrix, or a number of its pairs, shows the images behind it.
  const showCell = (panel, truth, named) => {
    let shown = 0;
    for (const picture of all('li', panel)) {
      const hit = picture.dataset.truth === truth && picture.dataset.named === named;
      picture.hidden = !hit;
      shown += hit;
    }
    panel.querySelector('.which').textContent = shown ? `${truth}, named ${named}: ${shown} shown.` : `${truth}, named ${named}: no picture was kept.`;
    panel.querySelector('.all-cells').hidden = false;
    panel.open = true;
    panel.scrollIntoView({ block: 'nearest' });
  };
  for (const panel of all('details.confused')) {
    const told = panel.querySelector('.which').textContent;
    panel.querySelector('.all-cells').addEventListener('click', event => {
      all('li', panel).forEach(picture => { picture.hidden = false; });
      panel.querySelector('.which').textContent = told;
      event.target.hidden = true;
    });
  }
  for (const button of all('button.cell')) {
    button.addEventListener('click', () => showCell(document.getElementById(button.dataset.panel), button.dataset.truth, button.dataset.named));
  }

  // Coverage: what is left when unsure answers go to a person.
  for (const box of all('.coverage')) {
    const [answered, right] = [box.dataset.answered, box.dataset.right].map(list => list.split(' ').map(Number));
    const percent = (part, whole) => whole ? `${(100 * part / whole).toFixed(2)} %` : '–';
    const slider = box.querySelector('input');
    slider.addEventListener('input', () => {
      const step = Number(slider.value);
      box.querySelector('.threshold').textContent = `${step} %`;
      box.querySelector('.answered').textContent = percent(answered[step], answered[0]);
      box.querySelector('.right').textContent = percent(right[step], answered[step]);
      box.querySelector('.wrong').textContent = answered[step] - right[step];
    });
  }

  // Copying works in a file as well, where browsers withhold the clipboard API.
  for (const button of all('.copy')) {
    button.addEventListener('click', () => {
      const range = document.createRange();
      range.selectNodeContents(button.closest('.code').querySelector('code'));
      const selection = getSelection();
      selection.removeAllRanges();
      selection.addRange(range);
      button.textContent = document.execCommand('copy') ? 'Copied' : 'Selected';
      setTimeout(() => { button.textContent = 'Copy'; }, 1500);
    });
  }

  // A link into something folded opens it.
  const reveal = () => {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let node = target; node; node = node.parentElement) if (node.tagName === 'DETAILS') node.open = true;
    if (target) target.scrollIntoView();
  };
  addEventListener('hashchange', reveal);
  reveal();

  const links = new Map(all('nav a').map(link => [link.hash.slice(1), link]));
  const reading = new IntersectionObserver(entries => entries.forEach(({ target, isIntersecting }) => {
    links.get(target.id)?.[isIntersecting ? 'setAttribute' : 'removeAttribute']('aria-current', 'true');
  }), { rootMargin: '-20% 0px -75% 0px' });
  all('main > section').forEach(section => reading.observe(section));

  // On paper every visible chart is drawn, in the light theme, at the paper's width.
  let before;
  addEventListener('beforeprint', () => {
    before = root.style.colorScheme;
    root.style.colorScheme = 'light';
    root.classList.add('paper');
    all('.plot').filter(plot => plot.checkVisibility()).forEach(draw);
  });
  addEventListener('afterprint', () => {
    root.style.colorScheme = before;
    root.classList.remove('paper');
    redraw();
  });
})();
