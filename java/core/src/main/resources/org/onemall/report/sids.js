// The codebooks that the scorecard compares, as [name, figures]; the run's own first.
function codebooks(t) {
  const others = entries(t.codebooks || t.alternatives);
  return others.length ? others : [];
}

const CODEBOOKS = { kmeans: 'Res-KMeans × 3', res_kmeans: 'Res-KMeans × 3', fsq: 'Res-KMeans × 2 + FSQ', res_kmeans_fsq: 'Res-KMeans × 2 + FSQ' };

function codebookTable(t) {
  const rows = codebooks(t);
  if (!rows.length) return null;
  const last = f => (f.levels || []).at(-1) || {}, agree = f => (f.levels || []).map(l => l.neighbour_agreement).filter(v => v !== undefined);
  const columns = [['conflict', f => percent(f.conflict)], ['exclusive', f => percent(f.exclusive)], ['SIDs in use', f => f.sids === undefined ? '–' : whole(f.sids)],
    ['codes used', f => (f.levels || []).map(l => percent(l.use, 0)).join(' · ')], ['entropy, bits', f => (f.levels || []).map(l => l.entropy.toFixed(1)).join(' · ')],
    ['Gini', f => (f.levels || []).map(l => l.gini.toFixed(2)).join(' · ')], ['near items agree', f => agree(f).map(v => percent(v, 0)).join(' · ')],
    ...(rows.some(([, f]) => f.hit_rate !== undefined) ? [['hit rate', f => f.hit_rate === undefined ? '–' : percent(f.hit_rate.value === undefined ? f.hit_rate : f.hit_rate.value)]] : [])];
  return el('div', { class: 'card w12' }, el('h3', {}, 'The same items in other codebooks'),
    el('p', { class: 'small soft' }, 'As assigned, before conflicts were resolved. Three figures stand for the three levels.'),
    table(['', ...columns.map(c => c[0])], rows.map(([name, f]) => [CODEBOOKS[name] || spaced(name), ...columns.map(c => c[1](f))])));
}

function sidSection(scenario, s, more) {
  const t = s.tokenizer, tree = more.tree;
  if (!t) return section('sids', 'Semantic IDs', null, missing('This run has no scorecard.json.'));
  const before = t.before || {}, tile = (value, name) => el('div', {}, el('b', {}, value), el('span', {}, name));
  const change = name => before[name] !== undefined && before[name] !== t[name] ? percent(before[name]) + ' → ' + percent(t[name]) : percent(t[name]);
  return section('sids', 'Semantic IDs', 'Conflict: share of items whose SID another item has too, before and after conflicts were moved to free codes. Exclusive: share of SIDs in use that belong to one item.',
    el('div', { class: 'tiles' }, t.conflict !== undefined && tile(change('conflict'), 'conflict'), t.exclusive !== undefined && tile(change('exclusive'), 'exclusive'),
      t.sids !== undefined && tile(whole(t.sids), 'SIDs in use'), t.items !== undefined && tile(whole(t.items), scenarioOf(scenario).items), t.moved !== undefined && tile(whole(t.moved), 'moved to a free code')),
    el('div', { class: 'grid' },
      (t.levels || []).length ? el('div', { class: 'card w6' }, el('h3', {}, 'By level'),
        table(['level', 'codes used', 'entropy, bits', 'Gini', 'near items agree'], t.levels.map((l, i) => ['SID' + (i + 1),
          whole(l.used) + (t.sizes ? ' of ' + whole(t.sizes[i]) : ''), l.entropy.toFixed(2) + (t.sizes ? ' of ' + Math.log2(t.sizes[i]).toFixed(0) : ''), l.gini.toFixed(2), percent(l.neighbour_agreement, 0)])),
        el('p', { class: 'small soft' }, 'Near items agree: share of the 10 nearest items by cosine that have the same codes up to this level.')) : null,
      tree ? el('div', { class: 'card w6' }, el('h3', {}, 'Items per code, codes by falling size'), chart('use', useCurve(tree.use), 250)) : null,
      codebookTable(t),
      tree && tree.sids.length ? el('div', { class: 'card w12' }, el('h3', {}, 'Are the items under one prefix alike?'),
        el('p', { class: 'small soft' }, 'Choose a first and a second code. Each is named by the words that tell its titles apart' +
          (tree.sids.length < tree.items ? `; ${whole(tree.sids.length)} of ${whole(tree.items)} ${scenarioOf(scenario).items}, drawn at random.` : '.') + (hasPictures ? ' Only some have a picture here, to keep the page small.' : '')), browser(tree)) : missing('No items to browse.')));
}

// Words of a code's titles, by how much more often they occur there than in the whole catalogue.
function namer(all, title) {
  const words = id => new Set((title(id).toLowerCase().match(/[\p{L}]{3,}/gu) || []));
  const everywhere = new Map(), count = (ids, into) => { ids.forEach(id => words(id).forEach(w => into.set(w, (into.get(w) || 0) + 1))); return into; };
  count(all, everywhere);
  return ids => [...count(ids, new Map())].map(([w, n]) => [w, n / ids.length * Math.log(all.length / everywhere.get(w) + 1e-9), n])
    .filter(([, , n]) => n > 1 || ids.length < 3).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 3).map(([w]) => w).join(' · ');
}

// Three panes: first codes, second codes under the chosen one, items under both.
function browser(tree) {
  const name = namer(tree.sids.map(r => r[0]), title);
  const panes = [el('div'), el('div'), el('div')], levels = tree.use.length;
  const group = (rows, level) => {
    const byCode = new Map();
    rows.forEach(r => byCode.set(r[level + 1], [...(byCode.get(r[level + 1]) || []), r]));
    return [...byCode].sort((a, b) => b[1].length - a[1].length || a[0] - b[0]);
  };
  const codes = (rows, level, pane, choose) => {
    const groups = group(rows, level), buttons = groups.map(([code, under]) => {
      const button = el('button', { class: 'code', type: 'button', style: '--share:' + (100 * under.length / groups[0][1].length).toFixed(1) + '%' }, el('code', {}, code), el('span', {}, name(under.map(r => r[0])) || '–'), el('span', { class: 'n' }, under.length));
      button.addEventListener('click', () => { buttons.forEach(b => b.setAttribute('aria-pressed', b === button)); choose(code, under); });
      return button;
    });
    pane.replaceChildren(el('h3', { class: 'soft' }, 'SID' + (level + 1)), el('div', { class: 'pane' }, buttons));
    if (buttons.length) buttons[0].click();
  };
  const leaves = (prefix, rows) => panes[2].replaceChildren(el('h3', { class: 'soft' }, `Items under ${prefix.join(' / ')}`), el('div', { class: 'pane' }, el('ul', { class: 'titles' },
    rows.slice().sort((a, b) => (a.slice(1).join() < b.slice(1).join() ? -1 : 1)).slice(0, 200).map(r => el('li', {}, el('code', {}, r.slice(1 + prefix.length).join('/') || '·'), thumb(r[0]), el('span', {}, title(r[0])))))));
  codes(tree.sids, 0, panes[0], (first, under) => levels > 1 ? codes(under, 1, panes[1], (second, rows) => leaves([first, second], rows)) : leaves([first], under));
  return el('div', { class: 'columns' }, panes);
}

