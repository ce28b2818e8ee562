// The console's overview: charts, with styles of their own, since the console does not load the site's.
import "../css/console.css";
import "./charts.js";
