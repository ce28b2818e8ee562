// Times of the schedule on the person's own clock: the field's value comes in UTC and goes with the name of their zone.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

function local(moment) {
  const shifted = new Date(moment.getTime() - moment.getTimezoneOffset() * 60000);
  return shifted.toISOString().slice(0, 16);
}

for (const form of document.querySelectorAll("[data-schedule]")) {
  const field = form.querySelector("[data-local-time]");
  const named = form.querySelector("[data-time-zone]");
  // What was refused was typed on the person's clock already.
  if (field.value && !named.value) field.value = local(new Date(`${field.value}Z`));
  named.value = zone;
  field.min = local(new Date());
  form.querySelector("[data-zone-words]").textContent = `The time is on your clock: ${zone.replaceAll("_", " ")}.`;
}

for (const time of document.querySelectorAll("[data-zoned-time]")) {
  const moment = new Date(time.dateTime);
  const words = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" });
  time.title = time.textContent;
  time.textContent = `${words.format(moment)} (${zone.replaceAll("_", " ")})`;
}
