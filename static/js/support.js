// The page of a ticket, as whoever asked sees it.
import { Ticket } from "./chat/ticket.js";

const ticket = document.querySelector("[data-ticket]");
if (ticket) new Ticket(ticket);
