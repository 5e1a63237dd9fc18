/* A browser does not let one page of a local folder read another. So from a folder, the search
   lists pages and sections without an excerpt; from a server it has both. */

if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
