/** A run on a page of its own. */
import { useParams } from "wouter";
import { RunView } from "../training";

/** A run on a page of its own. */
export default function RunScreen() {
  const { id } = useParams<{ id: string }>();
  return <RunView key={id} runId={id} />;
}
