// What was begun in this browser, so that it goes on after a reload: address and batch by the file's fingerprint.
// Without storage (private windows of some browsers) uploads work, and start again after a reload.

const PREFIX = "lathe-upload::";

function fingerprint(file, { path, model }) {
  return PREFIX + [path, file.size, file.lastModified, model ?? ""].map(encodeURIComponent).join("::");
}

function attempt(action) {
  try {
    return action();
  } catch {
    return null;
  }
}

// `{url, batch, transport}`, or null.
export function recall(file, options) {
  return attempt(() => JSON.parse(localStorage.getItem(fingerprint(file, options))));
}

export function remember(file, options, entry) {
  attempt(() => localStorage.setItem(fingerprint(file, options), JSON.stringify(entry)));
}

export function forget(file, options) {
  attempt(() => localStorage.removeItem(fingerprint(file, options)));
}
