#!/bin/sh
# Makes the fonts beside this file again. Needs npm, and python3 with fonttools 4.68 and brotli 1.2.
# Run by hand when a font or the list of letters changes; the results are committed.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --no-save --no-audit --no-fund \
    @fontsource-variable/literata@5.3.0 @fontsource-variable/atkinson-hyperlegible-next@5.3.0
fonts=node_modules/@fontsource-variable

# Western Europe, typographic marks, combining accents (for names typed letter + accent).
latin="U+0020-007E,U+00A0-00FF,U+0131,U+0152-0153,U+0160-0161,U+0178,U+017D-017E,U+0192,U+02C6,U+02DA,U+02DC"
latin="$latin,U+0300-0304,U+0306-030C,U+0327-0328,U+2002-200A,U+2010-2015,U+2018-201E,U+2020-2022,U+2026"
latin="$latin,U+2030,U+2032-2033,U+2039-203A,U+2044,U+20AC,U+2122,U+2190-2193,U+2212,U+2248,U+2260,U+2264-2265"
# Welsh, Polish, Czech, Turkish, Romanian and their neighbours.
extended="U+0100-0130,U+0132-0151,U+0154-015F,U+0162-0177,U+0179-017C,U+017F,U+0218-021B,U+1E80-1E85,U+1E9E"
extended="$extended,U+1EF2-1EF3"

make_font() { # source, letters, result
    fonttools varLib.instancer "$1" wght=400:600 -o cut.ttf -q
    pyftsubset cut.ttf --unicodes="$2" --flavor=woff2 --output-file="$here/$3" --no-hinting --desubroutinize \
        --layout-features='kern,liga,ccmp,mark,mkmk,locl,lnum,tnum,pnum,calt,rlig' \
        --name-IDs='0,1,2,3,4,5,6,13,14'
}
# One whole face of one weight, for PDF, which takes no variable fonts.
make_static() { # source, weight, result
    for part in latin latin-ext; do
        fonttools varLib.instancer "$1-$part-wght-normal.woff2" wght="$2" -o cut.ttf -q
        pyftsubset cut.ttf --unicodes="$latin,$extended" --output-file="$part.ttf" --no-hinting --desubroutinize \
            --layout-features='kern,liga,ccmp,mark,mkmk,locl,lnum,tnum,pnum,calt,rlig' \
            --name-IDs='0,1,2,3,4,5,6,13,14'
    done
    fonttools merge --drop-tables+=STAT --output-file="$here/$3" latin.ttf latin-ext.ttf
}
literata=$fonts/literata/files/literata
atkinson=$fonts/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next
make_font $literata-latin-wght-normal.woff2 "$latin" literata.woff2
make_font $literata-latin-ext-wght-normal.woff2 "$extended" literata-ext.woff2
make_font $atkinson-latin-wght-normal.woff2 "$latin" atkinson.woff2
make_font $atkinson-latin-ext-wght-normal.woff2 "$extended" atkinson-ext.woff2
for weight in 400 600; do
    make_static $literata $weight literata-$weight.ttf
    make_static $atkinson $weight atkinson-$weight.ttf
done
ls -l "$here"/*.woff2 "$here"/*.ttf
