// The console's page of revenue: charts, with styles of their own, since the console does not load the site's.
import "../css/analytics.css";
import "./charts.js";
