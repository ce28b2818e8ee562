// The console's pages of mail: only their styles, since the console does not load the site's.
import "../css/mailing.css";
