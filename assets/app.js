// What the pages need besides htmx. Everything works without it; with it a page is live.
//
//   clock      <time data-elapsed> and <time data-due> tick, corrected by the server's time
//   live       any event of the stream but "hb" means "this page is stale": <main> fetches its own address again and
//              morphs. A lost message costs nothing, since the next one, or the reconnect, brings the whole truth
//   honest     a form.honest (acknowledge) says what is known: sending, still sending, not sent; never "done" by itself
//   stream     repairs of hx-sse 4.0.1: first connect never retried, refused sign-in retried for ever, silence unnoticed
//   keys       [data-key] is clicked or focused by its key; j and k move over rows
//   drafts     text typed but not sent survives a reload
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => root.querySelectorAll(selector);
const on = (type, run) => document.addEventListener(type, run);
const html = document.documentElement;

const DEAD_MS = +html.dataset.dead || 40e3; // the server sends "hb" every 15 s
const SLOW_MS = 3e3;

// clock
const skew = Date.parse($('meta[name=now]')?.content) - Date.now() || 0;
const two = n => String(n).padStart(2, '0');
function clock(seconds) {
  const s = Math.floor(Math.abs(seconds)), h = Math.floor(s / 3600);
  return (seconds < 0 ? '−' : '') + (h ? h + ':' : '') + two(Math.floor(s % 3600 / 60)) + ':' + two(s % 60);
}
function tick() {
  const now = Date.now() + skew;
  for (const e of $$('time[data-elapsed], time[data-due]')) {
    const left = (Date.parse(e.dateTime) - now) / 1e3, due = 'due' in e.dataset;
    const text = clock(due ? left : -left);
    if (e.textContent !== text) e.textContent = text;
    if (due) e.closest('.due')?.classList.toggle('over', left < 0);
  }
}
setInterval(tick, 1e3);
tick();

// live
let fresh = 0, planned;
function refresh() {
  if (planned) return;
  planned = setTimeout(() => {
    planned = 0;
    fresh = Date.now();
    const main = $('#main[hx-get]');
    if (main) htmx.trigger(main, 'refresh');
  }, Math.max(150, fresh + 1e3 - Date.now()) + Math.random() * Math.min(2e3, 5 * $('#main')?.dataset.crowd || 0));
}
function live(yes) {
  if ((html.dataset.live === 'on') === yes && html.dataset.live) return;
  html.dataset.live = yes ? 'on' : 'off';
  const bar = $('#stale');
  if (!bar) return;
  bar.hidden = yes;
  if (!yes) $('time', bar).textContent = new Date(Date.now() + skew).toISOString().slice(11, 16);
}

// stream
let stream, seen = 0, wait = 1e3, lost = false;
const isStream = e => e.target.matches?.('[hx-sse\\:connect]');
on('htmx:sse:after:connection', e => {
  stream = e.detail.connection;
  seen = Date.now();
  wait = 1e3;
  live(true);
  if (lost) refresh();
  lost = false;
  retryAll();
});
on('htmx:sse:before:message', e => {
  seen = Date.now();
  if (e.detail.message.event !== 'hb') refresh();
});
on('htmx:sse:error', e => {
  if (e.detail?.status === 401 || e.detail?.status === 403) location.reload();
  lost = true;
  live(false);
});
on('htmx:sse:close', () => { lost = true; });
function neverConnected(e) {
  if (!isStream(e) || e.target._htmx?.sse) return;
  const status = e.detail.ctx?.response?.status;
  if (status === 401 || status === 403) return location.reload();
  lost = true;
  live(false);
  setTimeout(old => {
    if (!old.isConnected) return;
    const again = old.cloneNode(false);
    old.replaceWith(again);
    htmx.process(again);
  }, wait *= 1.6, e.target);
  wait = Math.min(wait, 3e4);
}
setInterval(() => {
  if (!stream || document.hidden || Date.now() - seen < DEAD_MS) return;
  seen = Date.now();
  lost = true;
  live(false);
  stream.reader?.cancel();
}, 1e3);

// honest
const isForm = e => e.target.closest?.('form[hx-post]');
const pending = (form, text) => {
  const p = $('.pending', form);
  if (p) p.textContent = text || '';
};
let failures = 0;
on('htmx:before:request', e => {
  const form = isForm(e);
  if (!form) return;
  form.classList.add('sending');
  $(':scope > .note', form)?.remove();
  if (!form.matches('.honest')) return;
  e.detail.ctx.request.headers['Idempotency-Key'] = form.dataset.id;
  delete form.dataset.retry;
  const say = $('.pending', form).dataset;
  pending(form, say.sending);
  form.slow = setTimeout(pending, SLOW_MS, form, say.slow);
});
on('htmx:after:request', e => {
  const form = isForm(e), { response } = e.detail.ctx;
  if (!form || response.status >= 400) return;
  failures = 0;
  for (const field of $$('textarea', form)) sessionStorage.removeItem(draft(field));
  form.reset();
});
function failed(e) {
  neverConnected(e);
  const form = isForm(e), status = e.detail.ctx?.response?.status;
  if (status === 401) return location.reload();
  if (!form || status === 422) return;
  if (status === 409) refresh();
  const p = $('.pending', form) || $('#problem');
  if (p) p.textContent = p.dataset.failed;
  if (!form.matches('.honest') || status === 409) return;
  form.dataset.retry = '';
  setTimeout(retry, Math.min(1e3 * 2 ** ++failures, 15e3), form);
}
// A refused form stays as it is, open and filled in; what is wrong is said inside it, since the top may be out of sight.
on('htmx:after:swap', e => {
  const form = isForm(e), said = $('#flash .bad');
  if (form && said && e.detail.ctx.response?.status === 422) form.append(said);
});
on('htmx:error', failed);
on('htmx:response:error', failed);
on('htmx:finally:request', e => {
  const form = isForm(e);
  if (!form) return;
  clearTimeout(form.slow);
  form.classList.remove('sending');
});
function retry(form) {
  if (form.isConnected && 'retry' in form.dataset) form.requestSubmit();
}
function retryAll() {
  $$('form[data-retry]').forEach(retry);
}
addEventListener('online', retryAll);

// keys
const rows = () => [...$$('.row .title')];
function move(by) {
  const all = rows(), at = all.indexOf(document.activeElement);
  all[Math.max(0, Math.min(all.length - 1, at + by))]?.focus();
}
function closeMenus(but) {
  for (const d of $$('details.act[open], details.me[open]')) if (!d.contains(but)) d.open = false;
}
on('click', e => {
  closeMenus(e.target);
  const hash = e.target.closest('a[href^="#"]')?.hash, fold = hash && $(hash)?.closest('details');
  if (fold) fold.open = true;
});
on('keydown', e => {
  if (e.key === 'Escape') closeMenus();
  if (html.dataset.keys === 'off' || e.ctrlKey || e.metaKey || e.altKey || e.target.closest('input, textarea, select, dialog[open]')) return;
  const key = e.key.toLowerCase();
  if (key === 'j' || key === 'k') return move(key === 'j' ? 1 : -1);
  const target = key === '?' ? $('#keys') : $(`[data-key="${CSS.escape(key)}"]`);
  if (!target) return;
  e.preventDefault();
  if (target.showModal) return target.showModal();
  if (target.matches('input, textarea')) return target.focus();
  target.click();
  $('select, textarea, input:not([type=hidden])', target.parentElement.matches('details[open]') ? target.parentElement : target)?.focus();
});

// drafts
const draft = field => 'draft:' + location.pathname + '#' + field.id;
on('input', e => {
  if (e.target.matches('textarea[id]')) try { sessionStorage[draft(e.target)] = e.target.value; } catch { /* full or refused */ }
});
on('submit', e => {
  if (!e.defaultPrevented) for (const field of $$('textarea[id]', e.target)) sessionStorage.removeItem(draft(field));
});
function restore() {
  for (const field of $$('textarea[id]:not([data-keep])')) {
    const text = sessionStorage[draft(field)];
    if (text && !field.value) field.value = text;
  }
}
restore();
on('htmx:after:swap', () => {
  tick();
  restore();
});

navigator.serviceWorker?.register('/sw.js').catch(() => { /* no worker: no offline copy, nothing else */ });
