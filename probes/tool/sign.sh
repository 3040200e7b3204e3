#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# sign.sh KEY.pem DIR: writes DIR/MANIFEST over DIR/*.golden, signs it (Ed25519), writes DIR/signing_key.pub and verifies both.
# Make a key with: openssl genpkey -algorithm ed25519 -out KEY.pem   (keep it outside the repository)
set -eu
if [ $# -ne 2 ] || [ ! -r "$1" ] || [ ! -d "$2" ]; then
  echo "usage: sign.sh KEY.pem DIR" >&2
  exit 64
fi
key=$(realpath "$1")
cd "$2"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

LC_ALL=C sha256sum -- *.golden > "$work/MANIFEST"
openssl pkeyutl -sign -rawin -inkey "$key" -in "$work/MANIFEST" -out "$work/signature"
# The last 32 bytes of the DER form of an Ed25519 public key are the key itself (RFC 8410).
openssl pkey -in "$key" -pubout -out "$work/public.pem"
openssl pkey -in "$key" -pubout -outform DER | tail -c 32 | od -An -v -tx1 | tr -d ' \n' > "$work/public.hex"
od -An -v -tx1 "$work/signature" | tr -d ' \n' > "$work/signature.hex"
[ "$(wc -c < "$work/public.hex")" -eq 64 ] && [ "$(wc -c < "$work/signature.hex")" -eq 128 ]
echo >> "$work/public.hex"
echo >> "$work/signature.hex"

openssl pkeyutl -verify -rawin -pubin -inkey "$work/public.pem" -in "$work/MANIFEST" -sigfile "$work/signature" >&2
install -m 0644 "$work/MANIFEST" MANIFEST
install -m 0644 "$work/signature.hex" MANIFEST.sig
install -m 0644 "$work/public.hex" signing_key.pub
sha256sum --check --quiet MANIFEST
