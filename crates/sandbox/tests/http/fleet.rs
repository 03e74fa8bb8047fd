//! Many applications.

use crate::server::Server;
use quiesce_sandbox::Options;

#[tokio::test]
async fn the_same_seed_gives_the_same_fleet() {
    let list = async |seed| {
        let server = Server::with(Options { seed, fleet: 200, ..Options::default() });
        server.get("/v3/namespaces/retail/apps").await.json()
    };
    let first = list(3).await;
    assert!(first.as_array().is_some_and(|it| it.len() >= 240));
    assert_eq!(first, list(3).await);
    assert_ne!(first, list(4).await);
}
