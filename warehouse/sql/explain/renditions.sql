-- The other renditions of a report: $1 the one that stands for it.
SELECT sha256, media_type, ifnull(url, ''), compared, differing FROM renditions WHERE rendition_of = $1 ORDER BY media_type, url, sha256;
