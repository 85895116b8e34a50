//! The certificate of the server, signed by an authority of its own.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use axum::serve::Listener;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose, SanType,
};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::Error;

/// What the server shows, and what clients need to trust it.
pub(crate) struct Identity {
    /// The authority's certificate and key, to be kept over restarts.
    pub(crate) ca_certificate: String,
    pub(crate) ca_key: String,
    config: Arc<ServerConfig>,
}

impl Identity {
    /// Makes a new authority and a certificate for this machine's loopback names.
    pub(crate) fn generate() -> Result<Self, Error> {
        let key = KeyPair::generate().map_err(Error::certificate)?;
        let mut params = CertificateParams::default();
        params
            .distinguished_name
            .push(DnType::CommonName, "kun-sandbox-ca");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![
            KeyUsagePurpose::KeyCertSign,
            KeyUsagePurpose::DigitalSignature,
        ];
        let certificate = params.self_signed(&key).map_err(Error::certificate)?;
        Self::signed_by(certificate.pem(), key.serialize_pem())
    }

    /// Makes a certificate that an authority of an earlier start signs.
    pub(crate) fn signed_by(ca_certificate: String, ca_key: String) -> Result<Self, Error> {
        let key = KeyPair::from_pem(&ca_key).map_err(Error::certificate)?;
        let mut issuer = CertificateParams::default();
        issuer
            .distinguished_name
            .push(DnType::CommonName, "kun-sandbox-ca");
        issuer.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        issuer.key_usages = vec![
            KeyUsagePurpose::KeyCertSign,
            KeyUsagePurpose::DigitalSignature,
        ];
        let issuer = Issuer::new(issuer, key);
        let own_key = KeyPair::generate().map_err(Error::certificate)?;
        let mut params =
            CertificateParams::new(vec!["localhost".to_owned()]).map_err(Error::certificate)?;
        params
            .distinguished_name
            .push(DnType::CommonName, "kun-sandbox");
        for address in [
            IpAddr::V4(Ipv4Addr::LOCALHOST),
            IpAddr::V6(Ipv6Addr::LOCALHOST),
        ] {
            params.subject_alt_names.push(SanType::IpAddress(address));
        }
        let certificate = params
            .signed_by(&own_key, &issuer)
            .map_err(Error::certificate)?;
        let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(own_key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .and_then(|builder| {
                builder
                    .with_no_client_auth()
                    .with_single_cert(vec![certificate.der().clone()], private)
            })
            .map_err(|error| Error::Certificate(error.to_string()))?;
        Ok(Self {
            ca_certificate,
            ca_key,
            config: Arc::new(config),
        })
    }

    /// Accepts connections; a slow handshake holds no other one up.
    pub(crate) fn listen(&self, listener: TcpListener) -> TlsListener {
        let acceptor = TlsAcceptor::from(Arc::clone(&self.config));
        let address = listener.local_addr();
        let (sender, accepted) = mpsc::channel(64);
        let task = tokio::spawn(async move {
            while let Ok((stream, peer)) = listener.accept().await {
                let (acceptor, sender) = (acceptor.clone(), sender.clone());
                tokio::spawn(async move {
                    let _ = stream.set_nodelay(true);
                    let handshake = tokio::time::timeout(HANDSHAKE, acceptor.accept(stream));
                    if let Ok(Ok(stream)) = handshake.await {
                        let _ = sender.send((stream, peer)).await;
                    }
                });
            }
        });
        TlsListener {
            accepted,
            address,
            task,
        }
    }
}

const HANDSHAKE: std::time::Duration = std::time::Duration::from_secs(10);

/// Connections whose handshake is done.
pub(crate) struct TlsListener {
    accepted: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
    address: std::io::Result<SocketAddr>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for TlsListener {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.accepted.recv().await {
            Some(accepted) => accepted,
            // The socket is gone: there is nothing to accept any more.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> std::io::Result<Self::Addr> {
        match &self.address {
            Ok(address) => Ok(*address),
            Err(error) => Err(error.kind().into()),
        }
    }
}
