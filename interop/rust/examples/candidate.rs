//! Stands for one lease with the crate kube-leader-election until SIGTERM:
//!
//!     candidate NAMESPACE NAME IDENTITY LEASE_MS RENEW_MS RETRY_MS
//!
//! It claims to lead as interop/matrix/README.md says. The crate has one step and no loop; the loop here is what its user must write
//! so that it stops in time: the right to lead is counted from before a step was begun.

use std::{
    io::Write,
    sync::Mutex,
    time::{Duration, Instant},
};

use kube::Client;
use kube_leader_election::{LeaseLock, LeaseLockParams, LeaseLockResult};
use tokio::{
    signal::unix::{SignalKind, signal},
    time::{interval, sleep, timeout},
};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let args: Vec<String> = std::env::args().collect();
    let claims = Claims {
        identity: args[3].clone(),
        leads_until: Mutex::new(None),
    };
    let lock = LeaseLock::new(
        Client::try_default().await.unwrap(),
        &args[1],
        LeaseLockParams {
            lease_name: args[2].clone(),
            holder_id: args[3].clone(),
            lease_ttl: milliseconds(&args[4]),
        },
    );
    let mut terminated = signal(SignalKind::terminate()).unwrap();
    tokio::select! {
        () = stand(&lock, &claims, milliseconds(&args[5]), milliseconds(&args[6])) => {}
        () = claims.repeat() => {}
        _ = terminated.recv() => {}
    }
    if claims.stop() {
        lock.step_down().await.unwrap();
    }
}

async fn stand(lock: &LeaseLock, claims: &Claims, renew: Duration, retry: Duration) {
    loop {
        let begun = Instant::now();
        match timeout(renew, lock.try_acquire_or_renew()).await {
            Ok(Ok(LeaseLockResult::Acquired(_))) => claims.lead(begun + renew),
            Ok(Ok(LeaseLockResult::NotAcquired(_))) => {
                claims.stop();
            }
            // No answer, or none that says who holds the lease: what was won before is led to its end.
            Ok(Err(_)) | Err(_) => {}
        }
        sleep(retry).await;
    }
}

/// What the candidate says about itself.
struct Claims {
    identity: String,
    leads_until: Mutex<Option<Instant>>,
}

impl Claims {
    fn lead(&self, until: Instant) {
        if Instant::now() < until && self.leads_until.lock().unwrap().replace(until).is_none() {
            self.say("started");
        }
    }

    async fn repeat(&self) {
        let mut every = interval(Duration::from_millis(50));
        loop {
            every.tick().await;
            let until = *self.leads_until.lock().unwrap();
            match until {
                Some(until) if Instant::now() < until => self.say("leading"),
                _ => {
                    self.stop();
                }
            }
        }
    }

    /// Whether it led until now.
    fn stop(&self) -> bool {
        let led = self.leads_until.lock().unwrap().take().is_some();
        if led {
            self.say("stopped");
        }
        led
    }

    /// Writes a line in one call, so that the lines of several candidates do not mix in the pipe that they share.
    fn say(&self, word: &str) {
        let line = format!("{} {word}\n", self.identity);
        let mut out = std::io::stdout().lock();
        out.write_all(line.as_bytes()).unwrap();
        out.flush().unwrap();
    }
}

fn milliseconds(text: &str) -> Duration {
    Duration::from_millis(text.parse().unwrap())
}
