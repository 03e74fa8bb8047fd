import { startTransition, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { follow, isActive, namespaces } from "./fleet.js";
import { Programs } from "./table.jsx";

const namespace = /^\/ns\/(\w+)/.exec(location.pathname)?.[1] ?? "default";
const number = new Intl.NumberFormat("en-US");

function Page() {
  const [fleet, setFleet] = useState();
  const [known, setKnown] = useState([namespace]);
  useEffect(() => {
    // The first rows at once; what changes later gives way to keys.
    let show = (set) => set();
    follow(namespace, (next) => {
      show(() => setFleet(next));
      show = startTransition;
    });
    namespaces().then((list) => setKnown(list.map((it) => it.name)), console.error);
  }, []);
  return (
    <>
      <header>
        <strong>Programs</strong>
        <select aria-label="Namespace" value={namespace} onChange={(event) => location.assign(`/ns/${event.target.value}/programs`)}>
          {known.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </header>
      <main>
        <h1>Programs</h1>
        {fleet ? (
          <>
            <p>
              {number.format(fleet.applications)} applications, {number.format(fleet.rows.length)} programs,{" "}
              {number.format(fleet.rows.filter(isActive).length)} of them active
            </p>
            <Programs fleet={fleet} />
          </>
        ) : (
          <p>Loading</p>
        )}
      </main>
    </>
  );
}

createRoot(document.getElementById("root")).render(<Page />);
