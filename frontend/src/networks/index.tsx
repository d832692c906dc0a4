import { useTitle } from "../ui";

export default function Networks() {
  useTitle("Networks");
  return <h1 className="p-6 text-xl font-semibold">Networks</h1>;
}
