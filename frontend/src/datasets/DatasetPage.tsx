import { useTitle } from "../ui";

export default function DatasetPage() {
  useTitle("DatasetPage");
  return <h1 className="p-6 text-xl font-semibold">DatasetPage</h1>;
}
