/* The console's page: asks the node for figures and sessions, and has sessions ended. */
"use strict";

const EVERY_MILLIS = 3000;
const KEPT = 100;

/** What plots show at least. */
const SECONDS_SHOWN = 60;

const byId = (id) => document.getElementById(id);

/** Makes an element; texts are texts, never markup. */
function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

// ---- the node

let token = "";

async function ask(path, parameters = {}) {
  const query = new URLSearchParams(parameters).toString();
  return answer(await fetch("api/" + path + (query ? "?" + query : ""), {
    headers: { Accept: "application/json" },
    cache: "no-store",
  }));
}

async function order(path, parameters) {
  return answer(await fetch("api/" + path, {
    method: "POST",
    headers: { Accept: "application/json", "X-Carryover-Token": token },
    body: new URLSearchParams(parameters),
  }));
}

async function answer(response) {
  const type = response.headers.get("Content-Type") || "";
  const isJson = type.startsWith("application/json");
  const body = isJson ? await response.json() : {};
  if (!response.ok || !isJson) {
    throw new Error(body.error || "The node answered " + response.status + ". Are you still logged in?");
  }
  return body;
}

function say(problem) {
  byId("notice").textContent = problem;
  byId("notice").hidden = !problem;
}

let toastTimer = 0;

function toast(text) {
  byId("toast").textContent = text;
  byId("toast").classList.add("shown");
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => byId("toast").classList.remove("shown"), 5000);
}

// ---- words

const NUMBER = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const RATE = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });
const BYTES = ["B", "KB", "MB", "GB", "TB"];

function bytes(count) {
  let size = count;
  let unit = 0;
  while (size >= 1000 && unit < BYTES.length - 1) {
    size /= 1000;
    unit++;
  }
  return RATE.format(size) + " " + BYTES[unit];
}

function span(millis) {
  const seconds = Math.max(0, Math.round(millis / 1000));
  if (seconds < 60) {
    return seconds + " s";
  }
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) {
    return minutes + " min";
  }
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? hours + " h " + (minutes % 60) + " min" : Math.floor(hours / 24) + " days";
}

function moment(millis, now) {
  const time = element("time", { textContent: span(now - millis) + " ago" });
  time.dateTime = new Date(millis).toISOString();
  time.title = new Date(millis).toLocaleString();
  return time;
}

const none = () => element("span", { className: "none", textContent: "none" });

// ---- figures and plots

const PLOTS = [
  { title: "Sessions asked for", unit: "/s", series: [
    ["unchanged", "OPENS_UNCHANGED"], ["fetched", "OPENS_FETCHED"], ["trusted", "OPENS_TRUSTED"],
    ["missing", "OPENS_MISSING"], ["failed", "OPENS_FAILED"]] },
  { title: "Commits", unit: "/s", series: [
    ["written", "COMMITS_WRITTEN"], ["created", "COMMITS_CREATED"], ["conflicting", "COMMITS_CONFLICTING"],
    ["dropped", "COMMITS_DROPPED"], ["unsaved", "COMMITS_UNSAVED"]] },
  { title: "Redis answers after", unit: "ms", mean: true, series: [
    ["open", "CALL_OPEN"], ["commit", "CALL_COMMIT"], ["create", "CALL_CREATE"]] },
  { title: "Bytes", unit: "/s", bytes: true, series: [
    ["received", "REDIS_BYTES_RECEIVED"], ["sent", "REDIS_BYTES_SENT"]] },
];

/** What was heard, one entry a poll; the first time is when the page was opened. */
const times = [];
let before = null;

function rate(now, name, seconds) {
  return Math.max(0, (now.counters[name] - before.counters[name]) / seconds);
}

function mean(now, name) {
  const calls = now.timers[name].times - before.timers[name].times;
  return calls > 0 ? (now.timers[name].millis - before.timers[name].millis) / calls : null;
}

function hear(now) {
  const seconds = before === null ? 0 : (now.uptime - before.uptime) / 1000;
  if (before !== null && (seconds <= 0 || now.node !== before.node)) {
    // Another node, or one that was started anew: its figures have nothing to do with those.
    before = null;
    times.length = 0;
    PLOTS.forEach((plot) => plot.values.forEach((values) => (values.length = 0)));
  }
  if (before !== null) {
    times.push(now.time / 1000);
    for (const plot of PLOTS) {
      plot.series.forEach(([, name], i) => {
        plot.values[i].push(plot.mean ? mean(now, name) : rate(now, name, seconds));
      });
    }
    if (times.length > KEPT) {
      times.shift();
      PLOTS.forEach((plot) => plot.values.forEach((values) => values.shift()));
    }
  }
  showFigures(now, seconds);
  before = now;
  draw();
}

function figure(name, value, unit, isBad) {
  const shown = element("dd", { className: isBad ? "bad" : "" }, value);
  if (unit) {
    shown.append(element("small", { textContent: unit }));
  }
  return element("div", {}, element("dt", { textContent: name }), shown);
}

/** Sessions that were asked for and there. */
function found(at) {
  return at.counters.OPENS_UNCHANGED + at.counters.OPENS_TRUSTED + at.counters.OPENS_FETCHED;
}

function showFigures(now, seconds) {
  const all = found(now);
  const unchanged = now.counters.OPENS_UNCHANGED + now.counters.OPENS_TRUSTED;
  const perSecond = before !== null && seconds > 0 ? (all - found(before)) / seconds : null;
  const took = now.timers.CALL_OPEN.times === 0
    ? null
    : now.timers.CALL_OPEN.millis / now.timers.CALL_OPEN.times;
  const lost = now.counters.COMMITS_UNSAVED;
  const unreadable = now.counters.ATTRIBUTES_UNREADABLE;
  byId("figures").replaceChildren(
    figure("sessions, on all nodes", now.sessions === null ? "–" : NUMBER.format(now.sessions)),
    figure("in use here", NUMBER.format(now.gauges.SESSIONS_IN_USE)),
    figure("asked for", perSecond === null ? "–" : RATE.format(perSecond), "/s"),
    figure("of them unchanged", all === 0 ? "–" : RATE.format((100 * unchanged) / all), all === 0 ? "" : "%"),
    figure("Redis answers after", took === null ? "–" : RATE.format(took), took === null ? "" : "ms"),
    figure("kept between requests", NUMBER.format(now.gauges.CACHE_SESSIONS)),
    figure("commits unsaved", NUMBER.format(lost), "", lost > 0),
    figure("attributes unreadable", NUMBER.format(unreadable), "", unreadable > 0),
  );
  const away = now.gauges.REDIS_AWAY > 0;
  byId("health").className = "health " + (away ? "bad" : "good");
  byId("health").textContent = away ? "Redis does not answer" : "Redis answers";
  byId("application").textContent = now.namespace;
  byId("node").textContent = "on this node, up for " + span(now.uptime);
  document.title = "Sessions of " + now.namespace + " – Carryover";
}

const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function axis(plot) {
  const format = plot.bytes ? bytes : (value) => RATE.format(value);
  return {
    stroke: color("--soft"),
    grid: { stroke: color("--line"), width: 1 },
    ticks: { show: false },
    font: "12px system-ui, sans-serif",
    size: 62,
    values: (chart, values) => values.map((value) => format(value) + (plot.bytes ? "" : plot.unit === "ms" ? " ms" : "")),
  };
}

function prepare() {
  for (const plot of PLOTS) {
    plot.values = plot.series.map(() => []);
    const keys = element("span", { className: "keys" });
    plot.series.forEach(([label], i) =>
      keys.append(element("span", { className: "key s" + (i + 1), textContent: label })));
    plot.place = element("div");
    const title = element("strong", { textContent: plot.title + (plot.unit === "/s" ? ", per second" : "") });
    byId("plots").append(element("figure", { className: "plot" }, element("figcaption", {}, title, keys), plot.place));
  }
}

/** Times of day along the bottom. */
function timeAxis(options) {
  return {
    stroke: color("--soft"),
    grid: { show: false },
    ticks: { show: false },
    font: "12px system-ui, sans-serif",
    space: 90,
    size: 30,
    values: (chart, values) => values.map((value) =>
      new Date(value * 1000).toLocaleTimeString([], { hour12: false, ...options })),
  };
}

function make(plot) {
  plot.chart?.destroy();
  plot.chart = new uPlot({
    width: plot.place.clientWidth,
    height: 150,
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { range: (chart, first, last) => [Math.min(first, last - SECONDS_SHOWN), last] },
      y: { range: (chart, low, high) => [0, Math.max(high || 0, plot.bytes ? 1000 : 1) * 1.1] },
    },
    axes: [timeAxis({ hour: "2-digit", minute: "2-digit", second: "2-digit" }), axis(plot)],
    series: [{}, ...plot.series.map(([label], i) => ({
      label,
      stroke: color("--series-" + (i + 1)),
      width: 2,
      spanGaps: true,
      points: { show: times.length < 2 },
    }))],
  }, [times, ...plot.values], plot.place);
}

function draw() {
  for (const plot of PLOTS) {
    if (times.length === 0) {
      continue;
    }
    if (!plot.chart || times.length === 2) {
      make(plot);
    } else {
      plot.chart.setData([times, ...plot.values]);
    }
    const last = plot.values.map((values, i) => plot.series[i][0] + " " + RATE.format(values[values.length - 1] ?? 0));
    plot.place.setAttribute("role", "img");
    plot.place.setAttribute("aria-label", plot.title + " now, in " + plot.unit + ": " + last.join(", "));
  }
}

// ---- all nodes

const STATISTICS_MILLIS = 30000;
const MINUTES = { title: "Sessions", unit: "per minute", series: [["created"], ["expired"], ["invalidated"]] };
let statisticsTimer = 0;

async function statistics() {
  clearTimeout(statisticsTimer);
  try {
    showStatistics(await ask("statistics"));
  } catch (problem) {
    byId("sampled").textContent = problem.message;
  }
  if (!paused && !document.hidden) {
    statisticsTimer = setTimeout(statistics, STATISTICS_MILLIS);
  }
}

function showStatistics(found) {
  byId("sampled").textContent = "sizes and ages are those of " + found.sampled
    + (found.sampled === 1 ? " session" : " sessions") + " taken at random";
  byId("overall").replaceChildren(
    figure("users logged in", (found.principalsExact ? "" : "about ") + NUMBER.format(found.principals)),
    figure("bytes a session", found.sampled === 0 ? "–" : bytes(found.averageBytes)),
    figure("oldest session", found.oldest === null ? "–" : span(found.time - found.oldest)),
    figure("created in 15 minutes", NUMBER.format(found.minutes.reduce((sum, each) => sum + each.created, 0))),
  );
  byId("largest").replaceChildren(...found.attributes.slice(0, 5).map((each) => element("tr", {},
    element("td", {}, element("code", { textContent: each.name })),
    element("td", { className: "number", textContent: NUMBER.format(each.bytes) }))));
  MINUTES.times = found.minutes.map((each) => each.start / 1000);
  MINUTES.values = MINUTES.series.map(([name]) => found.minutes.map((each) => each[name]));
  drawMinutes();
}

function drawMinutes() {
  const place = byId("minutes");
  MINUTES.chart?.destroy();
  MINUTES.chart = new uPlot({
    width: place.clientWidth,
    height: 150,
    legend: { show: false },
    cursor: { show: false },
    scales: { y: { range: (chart, low, high) => [0, Math.max(high || 0, 1) * 1.1] } },
    axes: [timeAxis({ hour: "2-digit", minute: "2-digit" }), axis(MINUTES)],
    series: [{}, ...MINUTES.series.map(([label], i) => ({
      label,
      stroke: color("--series-" + (i + 1)),
      width: 2,
      points: { show: false },
    }))],
  }, [MINUTES.times, ...MINUTES.values], place);
  place.setAttribute("role", "img");
  place.setAttribute("aria-label", "Sessions in the last 15 minutes: "
    + MINUTES.series.map(([name], i) => name + " " + MINUTES.values[i].reduce((a, b) => a + b, 0)).join(", "));
}

function redraw() {
  if (MINUTES.chart) {
    drawMinutes();
  }
  PLOTS.forEach((plot) => plot.chart && make(plot));
}

// ---- the pulse

let paused = false;
let timer = 0;

async function poll() {
  clearTimeout(timer);
  try {
    const now = await ask("node");
    token = now.token;
    hear(now);
    say("");
  } catch (problem) {
    byId("health").className = "health bad";
    byId("health").textContent = "the node does not answer";
    say(problem.message);
  }
  next();
}

function next() {
  clearTimeout(timer);
  if (!paused && !document.hidden) {
    timer = setTimeout(poll, EVERY_MILLIS);
  }
}

// ---- sessions

let asked = null;

const HINTS = {
  principal: "name of the user, in full",
  prefix: "as it begins in the table, 4 to 16 characters",
  all: "",
};

async function find(question) {
  asked = question;
  byId("found").textContent = "Looking…";
  byId("end-all").hidden = true;
  try {
    const found = await ask("sessions", question);
    if (asked === question) {
      show(found, question);
    }
  } catch (problem) {
    if (asked === question) {
      byId("results").hidden = true;
      byId("found").textContent = problem.message;
    }
  }
}

function show(found, question) {
  const count = found.sessions.length;
  const whose = question.principal === undefined ? "" : " of " + question.principal;
  byId("found").textContent = count === 0
    ? "There is no such session" + whose + "."
    : (found.more ? "The first " : "") + count + (count === 1 ? " session" : " sessions") + whose;
  byId("end-all").hidden = count === 0 || question.principal === undefined;
  byId("end-all").textContent = "Log out " + (question.principal || "") + " everywhere";
  byId("rows").replaceChildren(...found.sessions.map((session) => row(session, found.time)));
  byId("results").hidden = count === 0;
}

function cell(label, content, className = "") {
  const made = element("td", { className }, content);
  made.dataset.label = label;
  return made;
}

function row(session, now) {
  const end = session.interval > 0 ? "in " + span(session.accessed + 1000 * session.interval - now) : "never";
  const view = element("button", { type: "button", textContent: "Look", onclick: () => details(session) });
  view.setAttribute("aria-label", "Look at session " + session.shown);
  const stop = element("button", { type: "button", textContent: "End", className: "danger", onclick: () => endOne(session) });
  stop.setAttribute("aria-label", "End session " + session.shown);
  const actions = element("td", { className: "actions" }, view, stop);
  return element("tr", {},
    cell("Id", element("code", { textContent: session.shown + "…" })),
    cell("User", session.principal === null ? none() : session.principal),
    cell("Created", moment(session.created, now), "time"),
    cell("Last used", moment(session.accessed, now), "time"),
    cell("Ends unused", end, "time"),
    actions);
}

let looked = null;

async function details(session) {
  let found;
  try {
    found = await ask("session", { handle: session.handle });
  } catch (problem) {
    toast(problem.message);
    return;
  }
  looked = session;
  byId("details-title").replaceChildren("Session ", element("code", { textContent: session.shown + "…" }));
  const facts = [
    ["User", found.principal === null ? none() : found.principal],
    ["Created", moment(found.created, found.time)],
    ["Last used", moment(found.accessed, found.time)],
    ["Ends after", found.interval > 0 ? span(1000 * found.interval) + " unused" : "never"],
    ["Attributes", String(found.attributes.length)],
    ["Bytes", NUMBER.format(found.attributes.reduce((sum, each) => sum + each.bytes, 0))],
  ];
  byId("facts").replaceChildren(...facts.map(([name, value]) =>
    element("div", {}, element("dt", { textContent: name }), element("dd", {}, value))));
  document.querySelector("th.value").hidden = !found.values;
  byId("attributes").replaceChildren(...found.attributes.map((each) => {
    const made = element("tr", {},
      element("td", {}, element("code", { textContent: each.name })),
      element("td", {}, element("code", { textContent: each.type })),
      element("td", { className: "number", textContent: NUMBER.format(each.bytes) }));
    if (found.values) {
      made.append(element("td", {}, element("code", { textContent: each.value })));
    }
    return made;
  }));
  byId("no-attributes").hidden = found.attributes.length > 0;
  byId("details").showModal();
}

/** Resolves to whether the question was answered by yes. */
function confirmed(title, text, yes) {
  byId("confirm-title").textContent = title;
  byId("confirm-text").textContent = text;
  byId("confirm-yes").textContent = yes;
  const dialog = byId("confirm");
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

async function endOne(session) {
  const whose = session.principal === null ? "It belongs to nobody who is logged in." : "It is " + session.principal + "’s.";
  if (await confirmed("End session " + session.shown + "…?", whose + " What is only in the session is lost.", "End session")) {
    await carryOut("end", { handle: session.handle });
  }
}

async function endAll() {
  const user = asked.principal;
  if (await confirmed("Log out " + user + " everywhere?", "All sessions of " + user + " end, on all nodes. What is only in them is lost.", "Log out everywhere")) {
    await carryOut("end-all", { principal: user });
  }
}

async function carryOut(what, parameters) {
  try {
    const done = await order(what, parameters);
    toast(done.ended === 1 ? "1 session has ended" : done.ended + " sessions have ended");
  } catch (problem) {
    toast(problem.message);
  }
  if (asked !== null) {
    await find(asked);
  }
  byId("sessions").focus({ preventScroll: true });
}

// ---- the page

byId("search").addEventListener("submit", (event) => {
  event.preventDefault();
  const kind = byId("kind").value;
  // Of an id no more than needed is sent: addresses are logged.
  const term = byId("term").value.trim().slice(0, kind === "prefix" ? 16 : undefined);
  if (kind !== "all" && term === "") {
    byId("term").focus();
    return;
  }
  find(kind === "all" ? {} : { [kind]: term });
});
byId("kind").addEventListener("change", () => {
  const kind = byId("kind").value;
  byId("term").placeholder = HINTS[kind];
  byId("term").disabled = kind === "all";
});
byId("end-all").addEventListener("click", endAll);
byId("details-end").addEventListener("click", async () => {
  byId("details").close();
  await endOne(looked);
});
document.querySelectorAll("[data-close]").forEach((button) =>
  button.addEventListener("click", () => button.closest("dialog").close()));
byId("pause").addEventListener("click", () => {
  paused = !paused;
  byId("pause").setAttribute("aria-pressed", String(paused));
  byId("pause").textContent = paused ? "Go on" : "Pause";
  if (paused) {
    clearTimeout(timer);
    clearTimeout(statisticsTimer);
  } else {
    poll();
    statistics();
  }
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    clearTimeout(timer);
    clearTimeout(statisticsTimer);
  } else if (!paused) {
    poll();
    statistics();
  }
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
new ResizeObserver(() => {
  for (const plot of [MINUTES, ...PLOTS]) {
    const width = plot.chart?.root.parentElement.clientWidth;
    if (width > 0 && width !== plot.chart.width) {
      plot.chart.setSize({ width, height: 150 });
    }
  }
}).observe(document.body);

prepare();
poll();
statistics();
