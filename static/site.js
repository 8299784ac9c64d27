/* Small comforts on top of pages that work without any script. */
(function () {
  "use strict";

  /* A form that came back with problems: take the person to the list of them. */
  function showProblems() {
    var summary = document.getElementById("error-summary");
    if (summary && summary.dataset.shown !== "yes") {
      summary.dataset.shown = "yes";
      summary.focus();
    }
  }

  /* The answer to a sent form takes the place of that form in the history: going back to it then never asks whether to
     send again. */
  function forgetSending() {
    var sent = document.documentElement.dataset.answers === "form";
    if (sent && document.referrer.indexOf(location.origin + "/") === 0) {
      history.replaceState(null, "", document.referrer);
    }
  }

  /* A swap that took the focused thing away must not send the keyboard back to the top of the page. */
  function keepFocus() {
    showProblems();
    if (document.activeElement === document.body) {
      document.getElementById("main").focus();
    }
  }

  /* A list that can filter itself sends its form when a choice changes; the button is only for those without script. */
  function sendOnChange(event) {
    var form = event.target.closest("form[data-send-on-change]");
    if (form) {
      form.requestSubmit();
    }
  }

  function printPage(event) {
    if (event.target.closest("[data-print]")) {
      event.preventDefault();
      window.print();
    }
  }

  document.documentElement.classList.add("has-script");
  forgetSending();
  document.addEventListener("DOMContentLoaded", showProblems);
  document.addEventListener("htmx:after:swap", keepFocus);
  document.addEventListener("htmx:afterSwap", keepFocus);
  document.addEventListener("change", sendOnChange);
  document.addEventListener("click", printPage);
})();
