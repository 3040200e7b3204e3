# SPDX-License-Identifier: Apache-2.0
"""Certificates of our own making, with the openssl program: an installation's CA can be asked to sign what it never would."""
import subprocess


def run(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


def new_ca(folder):
    folder.mkdir(parents=True, exist_ok=True)
    run("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", 2, "-subj", "/CN=another CA",
        "-keyout", folder / "ca.key", "-out", folder / "ca.pem")
    return folder


def issue(ca, folder, name, role, days=1, begin=None, end=None):
    """A client certificate signed with the key in `ca`; begin and end (YYYYMMDDHHMMSSZ) make an expired one."""
    folder.mkdir(parents=True, exist_ok=True)
    key, csr, pem = folder / f"{name}.key", folder / f"{name}.csr", folder / f"{name}.pem"
    run("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}/OU={role}", "-keyout", key, "-out", csr)
    extensions = folder / "ext.cnf"
    extensions.write_text("basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth\n")
    if begin is None:
        run("x509", "-req", "-in", csr, "-CA", ca / "ca.pem", "-CAkey", ca / "ca.key", "-days", days, "-out", pem, "-extfile", extensions,
            "-set_serial", "0x" + "5a" * 8)
        return pem, key
    config = folder / "ca.cnf"
    config.write_text("[ca]\ndefault_ca=d\n[d]\nnew_certs_dir={0}\ndatabase={0}/index\nserial={0}/serial\ndefault_md=sha256\npolicy=p\n"
                      "[p]\ncommonName=supplied\norganizationalUnitName=optional\n".format(folder))
    (folder / "index").write_text("")
    (folder / "serial").write_text("77" * 8)
    run("ca", "-batch", "-config", config, "-cert", ca / "ca.pem", "-keyfile", ca / "ca.key", "-in", csr, "-out", pem, "-notext",
        "-startdate", begin, "-enddate", end, "-extfile", extensions)
    return pem, key
