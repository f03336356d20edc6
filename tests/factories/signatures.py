"""A certification authority of our own, and keys below it."""

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID
from pyhanko.sign import SimpleSigner

PASSWORD = "mat-khau-khoa"
NOW = datetime.now(UTC)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


@cache
def authority() -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
    key = rsa.generate_private_key(65537, 2048)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name("CA thử nghiệm"))
        .issuer_name(_name("CA thử nghiệm"))
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=3650))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
    )
    return key, builder.sign(key, hashes.SHA256())


def _usage(**on: bool) -> x509.KeyUsage:
    names = (
        "digital_signature content_commitment key_encipherment data_encipherment key_agreement"
        " key_cert_sign crl_sign encipher_only decipher_only"
    )
    return x509.KeyUsage(**(dict.fromkeys(names.split(), False) | on))


@cache
def _signers() -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
    """Key and certificate of a signer whom the authority knows."""
    root_key, root = authority()
    key = rsa.generate_private_key(65537, 2048)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(_name("Sở Khoa học và Công nghệ Nghệ An"))
        .issuer_name(root.subject)
        .public_key(key.public_key())
        .serial_number(2)
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=3650))
        .add_extension(_usage(digital_signature=True, content_commitment=True), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    return key, certificate


def pkcs12_objects() -> tuple[bytes, bytes]:
    """Key (PKCS#1) and certificate as DER, as they are put on a token."""
    key, certificate = _signers()
    der = key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    return der, certificate.public_bytes(Encoding.DER)


@cache
def pkcs12_bytes() -> bytes:
    """The same in one file."""
    key, certificate = _signers()
    return pkcs12.serialize_key_and_certificates(
        b"signer", key, certificate, [authority()[1]], BestAvailableEncryption(PASSWORD.encode())
    )


def signer() -> SimpleSigner:
    return SimpleSigner.load_pkcs12_data(pkcs12_bytes(), [], passphrase=PASSWORD.encode())


def trust_folder(folder: Path) -> str:
    (folder / "root.pem").write_bytes(authority()[1].public_bytes(Encoding.PEM))
    return str(folder)
