import { useTitle } from "../ui";

export default function Home() {
  useTitle("Home");
  return <h1 className="p-6 text-xl font-semibold">Home</h1>;
}
