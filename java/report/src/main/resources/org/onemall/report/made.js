// When, where, how long, on what; and what the page cannot tell.
const provenance = JSON.parse(document.getElementById('provenance').textContent);
const duration = s => s >= 5400 ? (s / 3600).toFixed(1) + ' h' : s >= 90 ? (s / 60).toFixed(1) + ' min' : s.toFixed(1) + ' s';

function stagesCard() {
  const stages = provenance.filter(p => p.started);
  if (!stages.length) return null;
  const sum = stages.reduce((t, p) => t + p.wall_s, 0), devices = [...new Set(stages.map(p => (p.versions || {}).device).filter(Boolean))];
  const machine = p => p.machine ? `${p.machine.processor}, ${p.machine.cores} cores, ${p.machine.memory_gb} GB` : 'a machine that was not noted', machines = [...new Set(stages.map(machine))];
  const several = machines.length > 1, most = Math.max(...stages.map(p => p.wall_s));
  return el('div', { class: 'card w12' }, el('h3', {}, 'Stage by stage'),
    el('p', { class: 'small soft' }, `${duration(sum)} in all, on ${machines.join('; ')}` + (devices.length ? `; networks on ${devices.join(', ')}` : '') + '. Times are of the last time that a stage ran: a stage whose inputs did not change is not run again. CPU time is of all threads together; less than the wall time means waiting, much less a busy machine.'),
    table(['stage', 'started, UTC', 'wall time', '', 'CPU time', ...(several ? ['on'] : [])], stages.map(p => [p.stage, p.started.slice(0, 16).replace('T', ' '), duration(p.wall_s),
      el('span', { class: 'meter', 'aria-hidden': 'true' }, el('span', { style: `width:${(100 * p.wall_s / most).toFixed(1)}%` })), duration(p.cpu_s || 0), ...(several ? [machine(p)] : [])])));
}

function madeSection() {
  const run = report.run || {}, versions = Object.assign({}, run.versions, ...provenance.map(p => p.versions || {}));
  return section('made', 'How it was made', 'Same config, seed, versions, machine type, device and number of threads: same figures, bit for bit. Only the times in this section change.', el('div', { class: 'grid' },
    stagesCard(),
    el('div', { class: 'card w5' }, el('h3', {}, 'Command'), el('pre', {}, './onemall run config.yaml'),
      el('p', { class: 'small soft' }, 'where config.yaml is the resolved config that stands here and in the run’s folder; seed ' + run.seed + '.'),
      el('h3', { style: 'margin-top:16px' }, 'Versions'),
      el('div', { class: 'scroll' }, el('table', {}, el('tbody', {}, entries(versions).map(([name, version]) => el('tr', {}, el('td', {}, name), el('td', { class: 'said' }, version))))))),
    el('div', { class: 'card w7' }, el('h3', {}, 'Config, resolved'), el('pre', {}, run.config || '–'))));
}

function limitsSection() {
  const done = Object.values(report.scenarios || {}).filter(s => s.models && s.models[OWN]);
  if (!done.length) return null;
  return section('limits', 'What this page cannot tell', null, el('div', { class: 'card limits' }, el('ul', {}, [
    report.simulated ? 'These users never existed: a program with known laws made them. How well it goes with real people is not told here.' : null,
    'Offline: whether lists hold what users took anyway. What users would take because it was recommended needs a test on live traffic.',
    `One seed (${(report.run || {}).seed}) of one run. Intervals are over users, not over seeds: training again moves figures too.`,
    'What was never shown could not be taken, and counts as wrong when recommended: what the old shop showed is favoured.',
    'Baselines are counting methods tuned on the same period. That a deep baseline (SASRec, TIGER) is missing from the table means that it was not run, not that it would lose.',
    'Choices that a person made while looking at the test period (sizes, settings) flatter the figures; differences below half a point are best read as noise.',
  ].filter(Boolean).map(text => el('li', {}, text)))));
}
