'use strict';
// Every text of the data reaches the page through textContent or through a chart's own text drawing,
// never as markup.
const report = JSON.parse(document.getElementById('figures').textContent);
const page = document.getElementById('report');

function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === 'onclick') node.addEventListener('click', value);
    else if (name === 'style') node.style.cssText = value;
    else if (value !== undefined && value !== null) node.setAttribute(name, value);
  }
  for (const child of children.flat(3)) {
    if (child !== null && child !== undefined && child !== false)
      node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  if (tag === 'thead') node.querySelectorAll('th').forEach(th => th.setAttribute('scope', 'col'));
  if (tag === 'tbody') [...node.rows].forEach(row => { if (row.cells[0] && row.cells[0].colSpan === 1) row.cells[0].setAttribute('role', 'rowheader'); });
  if (/\bcard\b/.test(node.className)) captions(node);
  return node;
}

// A card's heading is the caption of its only table, for those who hear the page.
function captions(card) {
  const heading = card.querySelector('h3'), tables = card.querySelectorAll('table');
  if (heading && tables.length === 1 && !tables[0].caption) tables[0].createCaption().textContent = heading.textContent;
}

const entries = object => Object.entries(object || {});
const whole = value => Math.round(value).toLocaleString('en-US');
const percent = (value, digits = 1) => (100 * value).toFixed(digits) + '\u00a0%';
const bare = (value, digits = 1) => (100 * value).toFixed(digits);
const points = value => (value >= 0 ? '+' : '−') + Math.abs(100 * value).toFixed(1);
const interval = e => bare(e.low) + '–' + bare(e.high);
const gain = e => points(e.value) + ' [' + points(e.low) + ', ' + points(e.high) + ']';
const day = ms => new Date(ms).toISOString().slice(0, 10);

const clock = ms => new Date(ms).toISOString().slice(11, 16);
const spaced = key => String(key).replaceAll('_', ' ');

// What each scenario is called, one item of it, and the letter that stands for a picture.
const SCENARIOS = {
  product_card: { name: 'Product cards', items: 'products', one: 'product', letter: 'P' },
  short_video: { name: 'Short videos', items: 'videos', one: 'video', letter: 'V' },
  live_streaming: { name: 'Live streams', items: 'rooms', one: 'room', letter: 'L' },
};
const scenarioOf = key => SCENARIOS[key] || { name: spaced(key), items: 'items', one: 'item', letter: '·' };

const catalogue = (report.page || {}).items || {}, pictures = (report.page || {}).pictures || {};
const hasPictures = Object.keys(pictures).length > 0, hasScenarios = Object.keys(report.scenarios || {}).length > 1;
const title = id => (catalogue[id] || [])[1] || 'item ' + id;

// A small picture of an item, or its scenario's letter; nothing in a run without pictures.
function thumb(id) {
  if (!hasPictures) return null;
  const letter = scenarioOf((catalogue[id] || [])[3]).letter;
  return pictures[id] ? el('img', { class: 'thumb', src: pictures[id], alt: '', title: title(id), loading: 'lazy' }) : el('span', { class: 'thumb', 'aria-hidden': 'true' }, letter);
}

const simulated = () => report.simulated ? el('span', { class: 'pill simulated', title: 'These users never existed: a simulator made the data.' }, 'simulated') : null;

// Columns of words start at the left, columns of figures end at the right.
function table(heads, rows) {
  const text = cell => cell instanceof Node ? cell.textContent : String(cell);
  const figures = heads.map((_, i) => i > 0 && rows.every(row => !/^[a-z]/i.test(text(row[i]))) ? 'num' : null);
  return el('div', { class: 'scroll' }, el('table', {}, el('thead', {}, el('tr', {}, heads.map((h, i) => el('th', { class: figures[i] }, h)))),
    el('tbody', {}, rows.map(row => el('tr', {}, row.map((cell, i) => el('td', { class: figures[i] }, cell)))))));
}

const OWN = 'onemall';
const LABELS = {
  onemall: 'onemall', generator: 'generator alone', retriever: 'generator + pointer', tower: 'item tower alone',
  item_knn: 'item-kNN', markov: 'Markov, first order', popularity: 'popularity, all time',
  recent_popularity: 'popularity, recent', personal_frequency: 'personal frequency', sasrec: 'SASRec', tiger: 'TIGER',
};
const ADDED = {
  generator: 'generator', pointer: '+ pointer', tower: '+ tower', memory: '+ memory', frequency: '+ frequency',
  candidates: '+ neighbour candidates', explore: '+ explore',
};
const VERDICTS = { better: 'better, larger than its noise', worse: 'worse, larger than its noise', within_noise: 'within its noise' };

function label(model) {
  if (LABELS[model]) return LABELS[model];
  if (model.startsWith('retriever_')) return 'pointer + ' + model.slice(10).split('_').join(' + ');
  return model;
}

const pill = verdict => el('span', { class: 'pill ' + verdict }, VERDICTS[verdict] || verdict);
const missing = what => el('div', { class: 'missing' }, what);

function tabs(names, show) {
  const bar = el('div', { class: 'tabs', role: 'group' });
  const body = el('div');
  const choose = index => {
    [...bar.children].forEach((b, i) => b.setAttribute('aria-pressed', i === index));
    body.replaceChildren(...[show(index)].flat());
  };
  names.forEach((name, index) => bar.append(el('button', { type: 'button', onclick: () => choose(index) }, name)));
  if (names.length) choose(0);
  return el('div', {}, names.length > 1 ? bar : null, body);
}

function section(id, title, lead, ...content) {
  return el('section', { id }, el('h2', {}, title), lead ? el('p', {}, lead) : null, ...content);
}

// A list as long as all that could be recommended finds everything: such cutoffs say nothing and are left out.
const candidatesOf = s => (s.counts || {}).candidates || Infinity;
const cutoffOf = metric => +String(metric).split('@')[1];
const measured = (s, prefix) => Object.keys((s.models || {})[OWN] || {}).filter(m => m.startsWith(prefix + '@')).map(cutoffOf).sort((a, b) => a - b);
const cutoffs = (s, prefix = 'HR') => measured(s, prefix).filter(k => k < candidatesOf(s));

function leftOut(s) {
  const all = measured(s, 'HR').filter(k => k >= candidatesOf(s));
  return all.length ? el('p', { class: 'small soft' }, `Left out: ${all.map(k => '@' + k).join(', ')}. Only ${whole(candidatesOf(s))} items could be recommended at a request, so that a list of that length finds everything.`) : null;
}

// The cut-off shown where there is room for one: that of the closer look, else 50 (10 of live rooms, as few are on air at once), else the middle one.
function headCutoff(s) {
  const all = cutoffs(s), wanted = (s.detail || {}).cutoff || (s === report.scenarios.live_streaming ? 10 : 50);
  return all.includes(wanted) ? wanted : all[Math.floor(all.length / 2)];
}

function bestBaseline(s, metric) {
  return (s.baselines || []).filter(b => (s.models[b] || {})[metric])
    .sort((a, b) => s.models[b][metric].value - s.models[a][metric].value)[0];
}

const comparison = (s, baseline, metric) =>
  (s.comparisons || []).find(c => c.baseline === baseline && c.metric === metric);

const short = n => n >= 1e9 ? (n / 1e9).toFixed(2) + ' B' : n >= 1e6 ? (n / 1e6).toFixed(2) + ' M' : n >= 1e3 ? (n / 1e3).toFixed(0) + ' k' : n;
