import { useTitle } from "../ui";

export default function Datasets() {
  useTitle("Datasets");
  return <h1 className="p-6 text-xl font-semibold">Datasets</h1>;
}
