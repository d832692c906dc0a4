/** The reference: a page per layer type, loss, optimizer and so on, as the server wrote it. */
import { useQuery } from "@tanstack/react-query";
import { BookOpen } from "lucide-react";
import { useEffect, useRef } from "react";
import { useLocation, useParams } from "wouter";
import { referenceQuery } from "../api/queries";
import { Page, Skeleton, Unavailable } from "../ui";
import "./reference.css";

/** A page of the reference, or the list of a kind, or of all kinds. */
export default function Reference() {
  const { kind, name } = useParams<{ kind?: string; name?: string }>();
  const { data: page, error, isPending, refetch } = useQuery(referenceQuery(kind, name));

  if (isPending) {
    return (
      <Page title="Reference" heading={<Skeleton className="h-8 w-64" />}>
        <Skeleton className="h-64" />
      </Page>
    );
  }
  if (error) {
    return (
      <Unavailable
        what="page"
        all="/learn/reference"
        icon={<BookOpen />}
        error={error}
        onRetry={() => void refetch()}
      />
    );
  }
  return (
    <Page title={page.title}>
      <Text key={page.title} html={page.html} />
    </Page>
  );
}

/** What stands on the page; its links stay in the app. */
function Text({ html }: { html: string }) {
  const [, navigate] = useLocation();
  const article = useRef<HTMLElement>(null);
  useEffect(() => {
    const shown = article.current;
    const follow = (event: MouseEvent) => {
      const link = (event.target as Element).closest("a");
      if (link?.origin !== window.location.origin) return;
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      navigate(link.pathname);
      shown?.closest("main")?.scrollTo(0, 0);
    };
    shown?.addEventListener("click", follow);
    return () => shown?.removeEventListener("click", follow);
  }, [navigate]);
  return (
    <article
      ref={article}
      className="reference"
      // biome-ignore lint/security/noDangerouslySetInnerHtml: made by the server of its own pages, in which all HTML is escaped
      dangerouslySetInnerHTML={{ __html: html }}
    />
  );
}
