# SPDX-License-Identifier: Apache-2.0
# ./dev bundle: a tarball that runs where nothing can be installed: all programs, and beside them every shared library but the C library's own.
# shellcheck shell=bash

# What glibc brings: the machine's own must be used, for they are one with its loader.
readonly GLIBC_LIBRARIES=' linux-vdso.so.1 libc.so.6 libm.so.6 libdl.so.2 libpthread.so.0 librt.so.1 libresolv.so.2 ld-linux-x86-64.so.2 '

# The libraries that a program or library needs, as "name path" lines, glibc's left out.
libraries_of() { # FILE
  local name path
  while read -r name path; do
    if [[ "$GLIBC_LIBRARIES" != *" ${name##*/} "* ]]; then printf '%s %s\n' "${name##*/}" "$path"; fi
  done < <(ldd "$1" | sed -n 's/^[[:space:]]*\([^ ]*\) => \([^ ]*\) (.*/\1 \2/p')
}

# Libraries are looked for relative to the file that needs them, before those of the machine.
look_beside() { # FOLDER
  local file
  for file in "$1"/bin/*; do patchelf --force-rpath --set-rpath "\$ORIGIN/../lib" "$file"; done
  for file in "$1"/lib/*.so*; do patchelf --force-rpath --set-rpath "\$ORIGIN" "$file"; done
  for file in "$1"/lib/assay/*.so; do
    if [[ -f "$file" ]]; then patchelf --force-rpath --set-rpath "\$ORIGIN/.." "$file"; fi
  done
}

copy_libraries() { # FOLDER
  local file name path
  for file in "$1"/bin/* "$1"/lib/assay/*.so; do
    if [[ ! -f "$file" ]]; then continue; fi
    while read -r name path; do
      if [[ ! -e "$path" ]]; then die 69 "${file##*/} needs $name, which is not on this machine"; fi
      if [[ ! -e "$1/lib/$name" ]]; then cp -L "$path" "$1/lib/$name"; fi
    done < <(libraries_of "$file")
  done
}

verb_bundle() {
  need build bundle
  local version name folder
  version="$(<VERSION)"
  name="assay-$version-linux-$(uname -m)"
  folder="build/$name"
  configure release
  build_targets release "${PROGRAMS[@]}"
  run rm -rf "$folder" "$folder.tar.gz"
  run cmake --install build/release --prefix "$PWD/$folder" --strip
  if dry_run; then
    printf 'would gather the libraries and write %s.tar.gz\n' "$folder"
    return 0
  fi
  # Units and users are for installed systems.
  rm -rf "${folder:?}"/lib/{systemd,sysusers.d,tmpfiles.d} "${folder:?}/etc"
  copy_libraries "$folder"
  look_beside "$folder"
  install -D -m 644 -t "$folder/share/assay/demo" dev.d/run.sh dev.d/demo.sh dev.d/demo_config.sh dev.d/judge.py
  install -m 755 packaging/bundle/assay-demo "$folder/assay-demo"
  install -m 644 packaging/bundle/README LICENSE "$folder/"
  run tar -C build -czf "$folder.tar.gz" "$name"
  say "$folder.tar.gz: unpack it anywhere and run ./assay-demo"
}
