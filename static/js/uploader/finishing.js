// The last step: all files of a drop have arrived, and the server makes of them what they are for.
const DELAYS_MS = [1000, 2000, 4000, 8000, 15000];
const REASONS = {
  403: "Your session has ended. Log in again in another tab, then press Upload.",
  429: "You have uploaded a lot in a short time. Wait a little, then press Upload.",
};
const OTHER_REASON = "All files arrived, but the server could not make a model of them now. Press Upload to try again.";

const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

// Resolves to one of {location}, {problems: [{upload, path, message}]}, {reason}.
export async function finish({ finish: address, inventory }, batch, csrfToken, attempt = 0) {
  const answer = await send(address, batch, csrfToken);
  if (answer?.status === 201 || answer?.status === 422) return answer.json();
  // An answer that was lost on the way, and the drop is a model already.
  if (answer?.status === 404 && attempt) return { location: inventory };
  if ((!answer || answer.status >= 500) && attempt < DELAYS_MS.length) {
    await wait(DELAYS_MS[attempt]);
    return finish({ finish: address, inventory }, batch, csrfToken, attempt + 1);
  }
  return { reason: REASONS[answer?.status] ?? OTHER_REASON };
}

async function send(address, batch, csrfToken) {
  try {
    return await fetch(address, {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRFToken": csrfToken },
      body: new URLSearchParams({ batch }),
      credentials: "same-origin",
      redirect: "error",
    });
  } catch {
    return null;
  }
}
