// What scrolls sideways must be reachable by keyboard; what does not scroll must not be a tab stop.
(() => {
  const boxes =
    ".highlight pre, .cell_output, .text_html, .math-block, .table-wrapper, .qlib-frames, " +
    "article p";
  const mark = () => {
    for (const box of document.querySelectorAll(boxes)) {
      if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  };
  addEventListener("load", mark);
  addEventListener("load", () => {
    // Two landmarks of the theme have no name.
    document.querySelector(".sidebar-drawer")?.setAttribute("aria-label", "Navigation");
    document.querySelector(".toc-drawer")?.setAttribute("aria-label", "On this page");
  });
  addEventListener("resize", mark);
  addEventListener("toggle", mark, true); // a fold that opens shows boxes that had no size before
})();
