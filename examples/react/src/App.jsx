import "inkling-pad";
import { useState } from "react";

export function App() {
  const [value, setValue] = useState("");
  const [reading, setReading] = useState(null);
  return (
    <main>
      <h1>A handwriting field in React</h1>
      <p>
        <label htmlFor="pin">PIN</label>
      </p>
      <inkling-pad
        id="pin"
        digits={4}
        value={value}
        onInput={(event) => setValue(event.currentTarget.value)}
        oninkling-prediction={({ detail }) => setReading(detail)}
      />
      <p>
        Value: <output>{value}</output>
      </p>
      {reading && <p>Read in {reading.latency.toFixed(1)} ms</p>}
      <button onClick={() => setValue("")}>Clear</button>
    </main>
  );
}
