/* The basket stands open beside a wide page; on a phone it opens on request. */
(function () {
  "use strict";

  function openOnWideScreens() {
    var basket = document.querySelector(".basket-details");
    if (basket && window.matchMedia("(min-width: 60rem)").matches) {
      basket.open = true;
    }
  }

  document.addEventListener("DOMContentLoaded", openOnWideScreens);
  document.addEventListener("htmx:after:restore", openOnWideScreens);
})();
