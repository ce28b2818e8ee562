// Stripe's own card field on the pay page: the card number goes from it to Stripe, never to this site.
const form = document.getElementById("card-form");
const button = form.querySelector("button[type=submit]");
const errorText = document.getElementById("card-error");

// Stripe's script comes from another origin, and an earlier or later moment than this one.
function whenStripeIsThere() {
  return new Promise((resolve, reject) => {
    const script = document.querySelector('script[src^="https://js.stripe.com/"]');
    if (window.Stripe) resolve(window.Stripe);
    script.addEventListener("load", () => resolve(window.Stripe));
    script.addEventListener("error", () => reject(new Error("The card form could not be loaded. Reload the page.")));
  });
}

function colours() {
  const style = getComputedStyle(document.body);
  return { base: { fontSize: "16px", color: style.color, iconColor: style.color }, invalid: { color: "#d92d20" } };
}

function say(message) {
  errorText.textContent = message;
}

// A card that is kept is only confirmed; any other is typed into Stripe's field.
function paymentMethod(stripe) {
  if (form.dataset.method) return form.dataset.method;
  const card = stripe.elements().create("card", { style: colours(), hidePostalCode: true });
  card.mount("#card-element");
  return { card, billing_details: { name: form.dataset.name, email: form.dataset.email } };
}

async function prepare() {
  const Stripe = await whenStripeIsThere();
  const stripe = Stripe(form.dataset.key);
  const method = paymentMethod(stripe);
  button.disabled = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    button.setAttribute("aria-busy", "true");
    say("");
    const { error } = await stripe.confirmCardPayment(form.dataset.secret, {
      payment_method: method,
    });
    if (error) {
      say(error.message);
      button.disabled = false;
      button.removeAttribute("aria-busy");
    } else {
      // The page there asks Stripe itself: what this browser says settles nothing.
      window.location.assign(form.dataset.return);
    }
  });
}

prepare().catch((error) => say(error.message));
