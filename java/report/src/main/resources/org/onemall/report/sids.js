const CODEBOOKS = { res_kmeans: 'Res-KMeans on all levels', res_kmeans_fsq: 'Res-KMeans, then FSQ' };
const byLevel = (figures, format) => (figures.levels || []).map(format).join(' · ');

// The same items under k-means alone and with FSQ as the last level.
function codebookTable(more) {
  const rows = entries(more.variants);
  if (rows.length < 2) return null;
  return el('div', { class: 'card w12' }, el('h3', {}, 'With and without FSQ'),
    el('p', { class: 'small soft' }, 'As assigned, before any conflict was resolved. Where several figures stand together they are of the levels, SID1 first.'),
    table(['', 'conflict', 'exclusive', 'SIDs in use', 'codes used', 'entropy, bits', 'Gini', 'near items agree'], rows.map(([name, f]) => [CODEBOOKS[name] || spaced(name), percent(f.conflict), percent(f.exclusive), whole(f.sids),
      byLevel(f, l => percent(l.use, 0)), byLevel(f, l => l.entropy.toFixed(1)), byLevel(f, l => l.gini.toFixed(2)), byLevel(f, l => percent(l.neighbour_agreement, 0))])));
}

// How well vectors and SIDs find what a user went on to, as plain neighbours: no model in between.
function neighbourTable(more) {
  const rows = [...(more.neighbours ? [['what is quantised', more.neighbours]] : []), ...(more.mixtures || []).map(m => [`embedding × ${m.embedding}, tower × ${m.tower}`, m.neighbours, m.figures])];
  if (!rows.length || !rows[0][1].rates.length) return null;
  const cutoffs = rows[0][1].rates.map(r => r.k), at = (n, k, what) => { const r = n.rates.find(x => x.k === k); return r ? bare(r[what]) : '–'; };
  return el('div', { class: 'card w12' }, el('h3', {}, 'Vectors and SIDs as neighbours, %'),
    el('p', { class: 'small soft' }, `Is what a user went on to among the k nearest to what they had before? ${whole(rows[0][1].pairs)} pairs of the validation period, against ${whole(rows[0][1].candidates)} candidates on average. “By SID” counts equal codes from the first level on.`),
    table(['vectors', ...cutoffs.flatMap(k => [`@${k}`, `@${k} by SID`, `@${k} at random`]), ...(rows.some(r => r[2]) ? ['conflict'] : [])],
      rows.map(([name, n, f]) => [el('span', {}, name), ...cutoffs.flatMap(k => [at(n, k, 'vectors'), at(n, k, 'sid'), at(n, k, 'random')]), ...(rows.some(r => r[2]) ? [f ? percent(f.conflict) : '–'] : [])])));
}

function distanceLine(more) {
  const d = more.distances || {};
  if (!d.known || !d.later || !d.later.rows) return null;
  return el('p', { class: 'small soft' }, `Codes explain ${percent(1 - d.known.share, 0)} of the vectors that the codebook could be fitted to, and ${percent(1 - d.later.share, 0)} of the ${whole(d.later.rows)} that came later and got theirs from the frozen codebook.`);
}

// The largest first codes with their nearest items; each opens to its second codes.
function gallery(nodes) {
  if (!(nodes || []).length) return null;
  const categories = node => entries(node.categories).map(([name, share]) => `${String(name).split('/').at(-1)} ${percent(share, 0)}`).join(', ');
  const examples = node => el('div', { class: hasPictures ? 'examples' : 'examples words' }, (node.examples || []).map(e => el('figure', {}, thumb(e.item), el('figcaption', {}, e.title || title(e.item)))));
  const card = node => el('div', { class: 'card' }, el('p', {}, el('code', {}, node.code.join(' / ')), el('span', { class: 'soft' }, ' · ' + whole(node.items))), el('p', { class: 'small soft' }, categories(node)), examples(node),
    (node.nodes || []).length ? el('details', {}, el('summary', {}, `${whole(node.codes || node.nodes.length)} second codes`), node.nodes.map(child => el('div', { class: 'child' },
      el('p', { class: 'small' }, el('code', {}, child.code.join(' / ')), el('span', { class: 'soft' }, ` · ${whole(child.items)} · ${categories(child)}`)), examples(child)))) : null);
  return el('div', { class: 'card w12' }, el('h3', {}, 'What the largest first codes hold'), el('p', { class: 'small soft' }, 'Size, most frequent categories, and the items nearest to what the codes stand for.'), el('div', { class: 'gallery' }, nodes.map(card)));
}

function sidSection(scenario, s, more) {
  const t = s.tokenizer, tree = more.tree, details = (t || {}).more || {};
  if (!t) return section('sids', 'Semantic IDs', null, missing('This run has no scorecard.json.'));
  const before = t.before || {}, tile = (value, name) => el('div', {}, el('b', {}, value), el('span', {}, name));
  const change = name => before[name] !== undefined && before[name] !== t[name] ? percent(before[name]) + ' → ' + percent(t[name]) : percent(t[name]);
  return section('sids', 'Semantic IDs', [word('conflict', 'Conflict'), ': share of items whose ', word('SID'), ' another item has too, before and after conflicts were moved to free codes. ', word('exclusive', 'Exclusive'), ': share of SIDs in use that belong to one item.'],
    el('div', { class: 'tiles' }, t.conflict !== undefined && tile(change('conflict'), 'conflict'), t.exclusive !== undefined && tile(change('exclusive'), 'exclusive'),
      t.sids !== undefined && tile(whole(t.sids), 'SIDs in use'), t.items !== undefined && tile(whole(t.items), scenarioOf(scenario).items), t.moved !== undefined && tile(whole(t.moved), 'moved to a free code')),
    el('div', { class: 'grid' },
      (t.levels || []).length ? el('div', { class: 'card w6' }, el('h3', {}, 'By level'),
        table([word('level'), 'codes used', word('entropy', 'entropy, bits'), word('Gini'), 'near items agree'], t.levels.map((l, i) => ['SID' + (i + 1),
          whole(l.used) + (t.sizes ? ' of ' + whole(t.sizes[i]) : ''), l.entropy.toFixed(2) + (t.sizes ? ' of ' + Math.log2(t.sizes[i]).toFixed(0) : ''), l.gini.toFixed(2), percent(l.neighbour_agreement, 0)])),
        el('p', { class: 'small soft' }, 'Near items agree: share of the 10 nearest items by cosine that have the same codes up to this level.'), distanceLine(details)) : null,
      tree ? el('div', { class: 'card w6' }, el('h3', {}, 'Items per code, codes by falling size'), chart('use', useCurve(tree.use), 250)) : null,
      codebookTable(details), neighbourTable(details), gallery(more.gallery),
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

