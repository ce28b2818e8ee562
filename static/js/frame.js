// What unfold draws around the console's pages: only styles.
import "../css/frame.css";
