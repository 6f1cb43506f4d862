// The moving parts of a sweep's page: what is read without scripts stands in the HTML and
// stays there. Texts are set as texts, never as HTML.
'use strict';
(() => {
  const study = JSON.parse(document.getElementById('study').textContent);
  const style = (name) =>
      getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const bytes = (n) => n >= 1e9 ? (n / 1e9).toFixed(2) + ' GB' :
      n >= 1e6 ? (n / 1e6).toFixed(2) + ' MB' : (n / 1e3).toFixed(1) + ' kB';
  const number = (x, digits) => x === null || x === undefined ? '-' : x.toFixed(digits);
  const interval = (m, digits) => m === null || m === undefined ? '-' :
      `${m.value.toFixed(digits)} [${m.low.toFixed(digits)}, ${m.high.toFixed(digits)}]`;
  const byId = new Map(study.trials.map((t) => [t.trial, t]));
  const shown = study.trials.filter((t) => t.eval !== null && t.size !== null);

  const axes = {
    size: {title: 'file size', of: (t) => t.size, text: bytes},
    latency: {
      title: 'median latency, ms',
      of: (t) => t.median_ms === null ? null : t.median_ms.value,
      text: (x) => number(x, 3),
    },
    ratio: {
      title: 'time beside the float model',
      of: (t) => t.ratio === null ? (t.trial === 0 ? 1 : null) : t.ratio.value,
      text: (x) => number(x, 2),
    },
  };
  const add = (parent, tag, text, name) => {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    if (name !== undefined) element.className = name;
    parent.append(element);
    return element;
  };

  // Trials many times farther from the float model than the usual one would press all others
  // into a line: they are shown when asked for.
  const base = byId.get(0);
  const gap = (t) => base === undefined ? 0 : Math.abs(t.eval.value - base.eval.value);
  const usual = base === undefined ? 0 : Math.max(
      base.eval.high - base.eval.low,
      shown.map(gap).sort((a, b) => a - b)[Math.floor(shown.length / 2)]);
  const near = shown.filter((t) => gap(t) <= 5 * usual);
  let inView = near;

  let axis = 'size';
  let selected = study.best !== null ? study.best : 0;
  let pareto = null;
  let layers = null;

  const kind = (t) => t.trial === 0 ? 'float' : t.front ? 'front' : 'other';
  const color = (t) => ({
    float: style('--fg'), front: style('--accent'), other: style('--soft'),
  })[kind(t)];
  const point = (t) => ({x: axes[axis].of(t), y: t.eval.value, trial: t.trial});

  // Draws each value's confidence interval below the points.
  const intervals = {
    id: 'intervals',
    beforeDatasetsDraw(chart) {
      const {ctx, scales} = chart;
      ctx.save();
      ctx.lineWidth = 1.5;
      for (const t of inView) {
        const x = axes[axis].of(t);
        if (x === null) continue;
        ctx.strokeStyle = style('--line');
        ctx.beginPath();
        ctx.moveTo(scales.x.getPixelForValue(x), scales.y.getPixelForValue(t.eval.low));
        ctx.lineTo(scales.x.getPixelForValue(x), scales.y.getPixelForValue(t.eval.high));
        ctx.stroke();
      }
      ctx.restore();
    },
  };

  const describe = (t) => [
    t.label, `${study.metric} ${interval(t.eval, 4)}`, bytes(t.size),
    t.median_ms === null ? 'not timed' :
        `${number(t.median_ms.value, 3)} ms` +
        (t.ratio === null || t.trial === 0 ? '' : `, ${interval(t.ratio, 2)} of float`),
  ];

  const drawPareto = () => {
    if (pareto !== null) pareto.destroy();
    const points = inView.filter((t) => axes[axis].of(t) !== null);
    const front = points.filter((t) => t.front)
        .sort((a, b) => axes[axis].of(a) - axes[axis].of(b));
    const others = points.filter((t) => !t.front);
    const dots = (list) => ({
      data: list.map(point),
      pointRadius: list.map((t) => t.trial === selected ? 9 : 6),
      pointHoverRadius: 10,
      pointBackgroundColor: list.map((t) => kind(t) === 'other' ? style('--bg') : color(t)),
      pointBorderColor: list.map(color),
      pointBorderWidth: 2,
    });
    pareto = new Chart(document.getElementById('pareto'), {
      type: 'scatter',
      data: {
        datasets: [
          {...dots(front), label: 'Pareto front', showLine: true,
           borderColor: style('--accent'), borderWidth: 1.5},
          {...dots(others), label: 'others'},
        ],
      },
      options: {
        animation: false,
        maintainAspectRatio: false,
        onClick: (_, hits) => {
          if (hits.length > 0) {
            const hit = hits[0];
            select(pareto.data.datasets[hit.datasetIndex].data[hit.index].trial);
          }
        },
        onHover: (event, hits) => {
          event.native.target.style.cursor = hits.length > 0 ? 'pointer' : 'default';
        },
        plugins: {
          legend: {display: false},
          tooltip: {
            displayColors: false,
            callbacks: {
              title: (items) => items.map((i) => i.raw.trial === 0 ? 'float model' :
                  `trial ${i.raw.trial}`).join(', '),
              label: (item) => describe(byId.get(item.raw.trial)),
            },
          },
        },
        scales: {
          x: {
            title: {display: true, text: axes[axis].title, color: style('--dim')},
            ticks: {color: style('--dim'), callback: (x) => axes[axis].text(x)},
            grid: {color: style('--line')},
            grace: '5%',
          },
          y: {
            title: {display: true, text: study.metric + ' on the eval data, 95 % intervals',
                    color: style('--dim')},
            ticks: {color: style('--dim')},
            grid: {color: style('--line')},
            min: Math.min(...inView.map((t) => t.eval.low)),
            max: Math.max(...inView.map((t) => t.eval.high)),
            grace: '5%',
          },
        },
      },
      plugins: [intervals],
    });
  };

  // The graph's nodes that the comparison or the report of this trial knows.
  const rowsOf = (trial) => {
    const worst = new Map();
    const comparison = study.comparisons[trial];
    for (const value of comparison ? comparison.values : []) {
      const key = value.output ? value.name : value.node;
      const known = worst.get(key);
      if (known === undefined || value.sqnr_db < known.sqnr_db) worst.set(key, value);
    }
    const done = new Map((study.nodes[trial] || []).map((n) => [n.name, n]));
    const rows = [];
    for (const node of study.graph || []) {
      const value = worst.get(node.name) ||
          (node.outputs || []).map((o) => worst.get(o)).find((v) => v !== undefined);
      const report = done.get(node.name);
      if (value === undefined && report === undefined) continue;
      rows.push({
        name: node.name, op: node.op, macs: node.macs || 0,
        sqnr: value === undefined ? null : value.sqnr_db,
        cosine: value === undefined ? null : value.cosine,
        cost: study.sensitivity === null ? undefined :
            study.sensitivity.layers[node.name],
        done: report === undefined ? '' : report.done,
        why: report === undefined ? '' : report.why,
      });
    }
    return rows;
  };

  const quantized = (row) => row.done === 'quantized';
  // From red to green over 40 dB.
  const heat = (db, red) => {
    if (db === null) return 'transparent';
    const share = Math.max(0, Math.min(1, (db - red) / 40));
    return `hsl(${Math.round(share * 140)} 60% 45%)`;
  };
  const costOf = (row, key) => row.cost === undefined ? null : row.cost[key];
  // What the squares of the map tell.
  const colors = {
    sqnr: {title: 'the values that it makes', of: (row) => heat(row.sqnr, 5)},
    alone: {title: 'the outputs, when it alone is quantized',
            of: (row) => heat(costOf(row, 'alone_db'), 15)},
    without: {
      title: 'the outputs, when it alone is in float',
      // Red: leaving it in float helps most.
      of: (row) => row.cost === undefined ? 'transparent' :
          heat(40 - 40 * Math.max(0, Math.min(1, row.cost.gain)), 0),
    },
  };
  let told = 'sqnr';
  const db = (value) => value === null ? 'not so' : value >= 200 ? 'equal to float' :
      `${number(value, 1)} dB`;
  const rowText = (row) => [
    `${row.op}, ${row.done || 'no decision'}` + (row.why ? `: ${row.why}` : ''),
    row.sqnr === null ? 'not compared' :
        row.sqnr >= 200 ? 'equal to float' :
        `SQNR ${number(row.sqnr, 1)} dB, cosine ${number(row.cosine, 4)}`,
    row.cost === undefined ? '' :
        `outputs: ${db(row.cost.alone_db)} with it alone quantized, ` +
        `${db(row.cost.without_db)} with it alone in float, ` +
        `${db(study.sensitivity.output_db)} with all quantized`,
    row.macs > 0 ? `${(row.macs / 1e6).toFixed(2)} M multiply-accumulates` : '',
  ].filter((line) => line !== '');

  const drawLayers = () => {
    // Where no trial is within the bound, none is shown.
    if (document.getElementById('map') === null) return;
    if (layers !== null) layers.destroy();
    layers = null;
    const rows = rowsOf(selected);
    const bars = rows.filter((row) => row.sqnr !== null && row.sqnr < 200);
    const none = document.getElementById('no-layers');
    none.hidden = bars.length > 0;
    document.getElementById('layers-box').hidden = bars.length === 0;
    const map = document.getElementById('map');
    map.replaceChildren();
    for (const row of rows) {
      const cell = add(map, 'span', '', quantized(row) ? 'cell' : 'cell kept');
      cell.style.background = colors[told].of(row);
      cell.title = [row.name, ...rowText(row)].join('\n');
    }
    if (bars.length === 0) return;
    layers = new Chart(document.getElementById('layers'), {
      type: 'bar',
      data: {
        labels: bars.map((row) => row.name),
        datasets: [{
          data: bars.map((row) => row.sqnr),
          backgroundColor: bars.map((row) => quantized(row) ? style('--accent') :
              style('--soft')),
          categoryPercentage: 1, barPercentage: 0.9,
        }],
      },
      options: {
        animation: false,
        maintainAspectRatio: false,
        plugins: {
          legend: {display: false},
          tooltip: {displayColors: false,
                    callbacks: {label: (item) => rowText(bars[item.dataIndex])}},
        },
        scales: {
          x: {ticks: {display: false}, grid: {display: false},
              title: {display: true, text: 'nodes in the order of the graph',
                      color: style('--dim')}},
          y: {ticks: {color: style('--dim')}, grid: {color: style('--line')},
              title: {display: true, text: 'SQNR, dB', color: style('--dim')}},
        },
      },
    });
  };

  const drawDetails = () => {
    const t = byId.get(selected);
    const box = document.getElementById('details');
    box.replaceChildren();
    add(box, 'h3', t.trial === 0 ? 'The float model' : `Trial ${t.trial}`);
    const list = add(box, 'dl');
    const row = (name, value) => {
      add(list, 'dt', name);
      add(list, 'dd', value);
    };
    row('configuration', t.label);
    if (t.reason) row('why it was tried', t.reason);
    row('state', t.state + (t.trial === study.best ? ', best' : t.front ? ', on the front' : ''));
    if (t.error) row('error', t.error);
    row(`${study.metric}, eval`, interval(t.eval, 4));
    row(`${study.metric}, test`, interval(t.test, 4));
    row('file size', t.size === null ? '-' : bytes(t.size));
    row('median latency', t.median_ms === null ? '-' : interval(t.median_ms, 3) + ' ms');
    if (t.trial !== 0) row('beside float', interval(t.ratio, 2));
    if (t.noise !== null) row('noise of the timing', (100 * t.noise).toFixed(0) + ' %');
    if (t.trial !== 0) row('options', JSON.stringify(t.config));
  };

  const select = (trial) => {
    selected = trial;
    for (const row of document.querySelectorAll('tr[data-trial]')) {
      row.classList.toggle('mark', Number(row.dataset.trial) === trial);
    }
    drawPareto();
    drawDetails();
    drawLayers();
  };

  document.documentElement.classList.add('js');
  const choice = document.getElementById('axis');
  for (const [key, value] of Object.entries(axes)) {
    if (!shown.some((t) => value.of(t) !== null)) continue;
    const label = add(choice, 'label');
    const input = add(label, 'input');
    input.type = 'radio';
    input.name = 'axis';
    input.checked = key === axis;
    input.addEventListener('change', () => {
      axis = key;
      drawPareto();
    });
    label.append(' ' + value.title);
  }
  if (near.length < shown.length) {
    const label = add(choice, 'label');
    const input = add(label, 'input');
    input.type = 'checkbox';
    input.id = 'far';
    input.addEventListener('change', () => {
      inView = input.checked ? shown : near;
      drawPareto();
    });
    label.append(` with ${shown.length - near.length} far off`);
  }
  const by = document.getElementById('map-by');
  for (const [key, value] of Object.entries(colors)) {
    if (by === null || study.sensitivity === null) break;
    const label = add(by, 'label');
    const input = add(label, 'input');
    input.type = 'radio';
    input.name = 'map-by';
    input.checked = key === told;
    input.addEventListener('change', () => {
      told = key;
      drawLayers();
    });
    label.append(' ' + value.title);
  }
  for (const row of document.querySelectorAll('tr[data-trial]')) {
    row.addEventListener('click', () => select(Number(row.dataset.trial)));
  }
  select(selected);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => select(selected));
  // Where a trial's point is on the screen: for tests.
  window.honePoint = (trial) => {
    for (const [i, set] of pareto.data.datasets.entries()) {
      const j = set.data.findIndex((p) => p.trial === trial);
      if (j < 0) continue;
      const at = pareto.getDatasetMeta(i).data[j];
      const box = pareto.canvas.getBoundingClientRect();
      return {x: box.left + at.x, y: box.top + at.y};
    }
    return null;
  };
})();
