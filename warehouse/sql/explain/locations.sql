-- Where a document was fetched: $1 sha256.
SELECT url, fetched_at, portal, found_on, published_as, provenance FROM location WHERE sha256 = $1 ORDER BY fetched_at, url, portal;
