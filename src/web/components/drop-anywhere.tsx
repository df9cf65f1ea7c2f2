import { useEffect, useState } from "react";
import { useTexts } from "../language/language-context.tsx";
import { useNavigation } from "../routing/navigation.tsx";
import { useVerification } from "../verify/verification.tsx";

/** Takes files that are dropped anywhere on the site, unless a drop zone of the page took them, and shows the verdict. */
export function DropAnywhere() {
  const { text } = useTexts();
  const { go } = useNavigation();
  const { add } = useVerification();
  const [over, setOver] = useState(false);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `add` and `go` are others each time and do the same
  useEffect(() => {
    let leaving: ReturnType<typeof setTimeout> | undefined;
    const onDragOver = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      clearTimeout(leaving);
      event.preventDefault();
      setOver(true);
      // Dragging goes on with an event every fraction of a second; when none comes, the files are gone.
      leaving = setTimeout(() => setOver(false), 400);
    };
    const onDrop = (event: DragEvent) => {
      clearTimeout(leaving);
      setOver(false);
      if (event.defaultPrevented || !event.dataTransfer || event.dataTransfer.files.length === 0) return;
      event.preventDefault();
      add([...event.dataTransfer.files]);
      go({ page: "verify" });
    };
    window.addEventListener("dragover", onDragOver);
    window.addEventListener("drop", onDrop);
    return () => {
      clearTimeout(leaving);
      window.removeEventListener("dragover", onDragOver);
      window.removeEventListener("drop", onDrop);
    };
  }, []);

  if (!over) return null;
  return (
    <div className="drop-anywhere" aria-hidden="true">
      <p>
        <strong>{text("drop.anywhere")}</strong>
        {text("drop.anywhere.words")}
      </p>
    </div>
  );
}
