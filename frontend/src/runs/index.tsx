import { useTitle } from "../ui";

export default function Runs() {
  useTitle("Runs");
  return <h1 className="p-6 text-xl font-semibold">Runs</h1>;
}
