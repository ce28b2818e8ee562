// Passkeys: a form with data-passkey speaks to the browser's authenticator before it is sent.
//   data-passkey="create"        adds one (the field named "passwordless" decides whether it may log in by itself)
//   data-passkey="authenticate"  proves one
//   data-passkey="login"         proves one of anybody's; the options come from the form's own address
// data-options names the element that holds the server's options as JSON; the answer goes into the field
// "credential"; [data-passkey-status] says what went wrong. Without this script, or in a browser without passkeys,
// the forms stay hidden.

const fromBase64 = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const toBase64 = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
const withId = (item) => ({ ...item, id: fromBase64(item.id) });

function creationOptions({ publicKey }) {
  return {
    publicKey: {
      ...publicKey,
      challenge: fromBase64(publicKey.challenge),
      user: withId(publicKey.user),
      excludeCredentials: (publicKey.excludeCredentials ?? []).map(withId),
    },
  };
}

function requestOptions({ publicKey }) {
  return {
    publicKey: {
      ...publicKey,
      challenge: fromBase64(publicKey.challenge),
      allowCredentials: (publicKey.allowCredentials ?? []).map(withId),
    },
  };
}

function asJson(credential) {
  const { response } = credential;
  const fields = { clientDataJSON: toBase64(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) fields[name] = toBase64(response[name]);
  }
  if (response.getTransports) fields.transports = response.getTransports();
  return JSON.stringify({
    id: credential.id,
    rawId: toBase64(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? null,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: fields,
  });
}

const written = (form) => JSON.parse(document.getElementById(form.dataset.options).textContent);

const ceremonies = {
  create(form) {
    const { creation_options: options } = written(form);
    const passwordless = form.elements.passwordless?.checked ?? false;
    const selection = (options.publicKey.authenticatorSelection ??= {});
    selection.residentKey = passwordless ? "required" : "discouraged";
    selection.requireResidentKey = passwordless;
    if (passwordless) selection.userVerification = "required";
    return navigator.credentials.create(creationOptions(options));
  },
  authenticate(form) {
    return navigator.credentials.get(requestOptions(written(form).request_options));
  },
  async login(form) {
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
    return navigator.credentials.get(requestOptions((await answer.json()).request_options));
  },
};

function explanation(error) {
  if (error.name === "NotAllowedError") return "It was cancelled, or took too long. Nothing was changed.";
  if (error.name === "InvalidStateError") return "This device already holds a passkey of your account.";
  if (error.name === "SecurityError") return "Your browser does not allow passkeys at this address.";
  return "That did not work. Try again, or choose another way.";
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) {
    if (form.dataset.passkey !== "login") form.after("This browser does not support passkeys.");
    continue;
  }
  form.hidden = false;
  const status = form.querySelector("[data-passkey-status]");
  const button = form.querySelector('[type="submit"]');
  form.addEventListener("submit", async (event) => {
    // Before the site's own handler, which would take this for the sending of the form.
    event.preventDefault();
    event.stopPropagation();
    status.hidden = true;
    button.setAttribute("aria-busy", "true");
    try {
      form.elements.credential.value = asJson(await ceremonies[form.dataset.passkey](form));
      form.submit();
    } catch (error) {
      button.removeAttribute("aria-busy");
      status.textContent = explanation(error);
      status.hidden = false;
    }
  });
}
