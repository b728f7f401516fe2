#!/usr/bin/python3
"""A mail server for tests: loopback, STARTTLS with a certificate made at start, optional sign-in.

    smtpd.py FOLDER [--no-tls] [--require-tls] [--auth user:password]

Prints one line, "PORT CERTIFICATE", when it listens, and ends when its standard input does. Every
accepted message becomes FOLDER/new/NNNNNN.eml, with the envelope in front as X-Envelope-From and
X-Envelope-To. What it does to a recipient is in the address: temp@… 451, perm@… 550, hang@… never
answers, drop@… takes the message and closes the connection without a word, tempdata@… and permdata@…
refuse after the message.
"""
import argparse
import asyncio
import os
import ssl
import subprocess
import sys
import warnings

from aiosmtpd.smtp import SMTP, AuthResult

warnings.filterwarnings("ignore")


class Handler:
    def __init__(self, folder):
        self.new = os.path.join(folder, "new")
        self.tmp = os.path.join(folder, "tmp")
        self.count = 0
        os.makedirs(self.new, exist_ok=True)
        os.makedirs(self.tmp, exist_ok=True)

    async def handle_RCPT(self, server, session, envelope, address, options):
        who = address.split("@")[0]
        if who == "temp":
            return "451 4.3.0 try again later"
        if who == "perm":
            return "550 5.1.1 no such user"
        if who == "hang":
            await asyncio.sleep(3600)
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        who = envelope.rcpt_tos[0].split("@")[0]
        if who == "drop":
            server.transport.abort()
            return "250 never seen"
        if who == "tempdata":
            return "452 4.3.1 out of disk"
        if who == "permdata":
            return "554 5.7.1 looks like spam"
        self.count += 1
        name = f"{self.count:06}.eml"
        with open(os.path.join(self.tmp, name), "wb") as f:
            f.write(f"X-Envelope-From: {envelope.mail_from}\r\n".encode())
            f.write(f"X-Envelope-To: {', '.join(envelope.rcpt_tos)}\r\n".encode())
            f.write(f"X-Envelope-TLS: {'yes' if session.ssl else 'no'}\r\n".encode())
            f.write(f"X-Envelope-User: {session.auth_data or '-'}\r\n".encode())
            f.write(envelope.original_content)
        os.rename(os.path.join(self.tmp, name), os.path.join(self.new, name))
        return f"250 2.0.0 queued as {self.count:06}"


def make_certificate(folder):
    key, cert = os.path.join(folder, "key.pem"), os.path.join(folder, "cert.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
         "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", cert],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context, cert


async def main():
    p = argparse.ArgumentParser()
    p.add_argument("folder")
    p.add_argument("--no-tls", action="store_true")
    p.add_argument("--require-tls", action="store_true")
    p.add_argument("--auth")
    args = p.parse_args()
    handler = Handler(args.folder)
    context, cert = (None, "-") if args.no_tls else make_certificate(args.folder)

    def authenticate(server, session, envelope, mechanism, data):
        given = f"{data.login.decode()}:{data.password.decode()}"
        if given == args.auth:
            return AuthResult(success=True, auth_data=data.login.decode())
        return AuthResult(success=False, handled=False)

    def serve():
        return SMTP(handler, hostname="test.invalid", enable_SMTPUTF8=True, tls_context=context,
                    require_starttls=args.require_tls, auth_required=bool(args.auth),
                    auth_require_tls=not args.no_tls,
                    authenticator=authenticate if args.auth else None)

    loop = asyncio.get_running_loop()
    server = await loop.create_server(serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], cert, flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    os._exit(0)


asyncio.run(main())
