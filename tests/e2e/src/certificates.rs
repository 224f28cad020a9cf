//! Certificates made for one test run.

use anyhow::Result;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};
use std::sync::Arc;

/// An authority whose certificates the tests trust.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A signed certificate with its key.
pub struct Identity {
    certificate: rcgen::Certificate,
    key: KeyPair,
}

impl Authority {
    /// A fresh one.
    ///
    /// # Errors
    /// The system has no randomness.
    pub fn new() -> Result<Self> {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, "Authority of the tests");
        Ok(Self(CertifiedIssuer::self_signed(params, KeyPair::generate()?)?))
    }

    /// Its own certificate, as servers read it.
    pub fn pem(&self) -> String {
        self.0.pem()
    }

    /// A certificate for a server on this machine, or for a client called `name`.
    ///
    /// # Errors
    /// The system has no randomness.
    pub fn sign(&self, name: &str) -> Result<Identity> {
        let mut params = CertificateParams::new(["localhost".to_owned(), "127.0.0.1".to_owned()])?;
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate()?;
        Ok(Identity { certificate: params.signed_by(&key, &self.0)?, key })
    }

    /// A client that trusts this authority and shows `identity`, if any.
    ///
    /// # Errors
    /// The certificate and its key do not fit.
    pub fn client(&self, identity: Option<&Identity>) -> Result<ClientConfig> {
        let mut roots = RootCertStore::empty();
        roots.add(self.0.der().clone())?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
        let builder = builder.with_root_certificates(roots);
        Ok(match identity {
            None => builder.with_no_client_auth(),
            Some(identity) => {
                let chain = vec![CertificateDer::from(identity.certificate.der().to_vec())];
                let key = PrivateKeyDer::try_from(identity.key.serialize_der()).map_err(anyhow::Error::msg)?;
                builder.with_client_auth_cert(chain, key)?
            }
        })
    }
}

impl Identity {
    /// The certificate, as servers read it.
    pub fn certificate_pem(&self) -> String {
        self.certificate.pem()
    }

    /// The key, as servers read it.
    pub fn key_pem(&self) -> String {
        self.key.serialize_pem()
    }
}
