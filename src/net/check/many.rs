//! Many tests side by side, within what the servers can take.

use std::{collections::HashMap, sync::Arc};

use tokio::{
    sync::{Semaphore, mpsc},
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;

use crate::{
    domain::check::{CheckRequest, diagnosis::Progress},
    net::http::NetOptions,
};

/// Systems that are tested at a time.
const AT_A_TIME: usize = 8;
/// Of those, systems with the same token server, which counts them as one client.
const AT_ONE_HOST: usize = 4;

/// Runs one test to its end.
pub async fn follow(request: CheckRequest, options: NetOptions, cancel: CancellationToken) -> Progress {
    let (sink, mut events) = mpsc::unbounded_channel();
    let mut progress = Progress::new(&request);
    super::run(request, options, sink, cancel).await;
    while let Some(event) = events.recv().await {
        progress.record(event);
    }
    progress
}

/// Does all jobs, each named by the host that it burdens, and returns their results in the same order; `None` for a
/// job that itself failed.
pub async fn side_by_side<T: Send + 'static>(
    jobs: impl Iterator<Item = (String, impl Future<Output = T> + Send + 'static)>,
) -> Vec<Option<T>> {
    let places = Arc::new(Semaphore::new(AT_A_TIME));
    let mut hosts: HashMap<String, Arc<Semaphore>> = HashMap::new();
    let mut running = JoinSet::new();
    let mut done = Vec::new();
    for (index, (host, job)) in jobs.enumerate() {
        let at_host = Arc::clone(hosts.entry(host).or_insert_with(|| Arc::new(Semaphore::new(AT_ONE_HOST))));
        let places = Arc::clone(&places);
        done.push(None);
        running.spawn(async move {
            // The host's place first: who waits for a host must not keep others from theirs. Neither is ever closed.
            let _at_host = at_host.acquire().await;
            let _place = places.acquire().await;
            (index, job.await)
        });
    }
    while let Some(finished) = running.join_next().await {
        if let Ok((index, outcome)) = finished {
            done[index] = Some(outcome);
        }
    }
    done
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread().build().unwrap()
    }

    /// How many run now, and how many ran at most.
    #[derive(Default)]
    struct Gauge {
        now: AtomicUsize,
        most: AtomicUsize,
    }

    impl Gauge {
        async fn pass(&self, inner: Option<&Gauge>) {
            let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
            self.most.fetch_max(now, Ordering::SeqCst);
            match inner {
                Some(inner) => Box::pin(inner.pass(None)).await,
                None => {
                    for _ in 0..50 {
                        tokio::task::yield_now().await;
                    }
                }
            }
            self.now.fetch_sub(1, Ordering::SeqCst);
        }
    }

    #[test]
    fn eight_run_at_a_time_and_four_at_one_host_and_a_busy_host_keeps_nobody_waiting() {
        let all = Arc::new(Gauge::default());
        let hosts: Vec<Arc<Gauge>> = (0..4).map(|_| Arc::default()).collect();
        // The first host has far more to do than the others, and comes first.
        let order = [0; 12].into_iter().chain([1, 1, 1, 1, 1, 1, 2, 3]).enumerate();
        let jobs = order.map(|(index, host)| {
            let (all, at_host) = (Arc::clone(&all), Arc::clone(&hosts[host]));
            let job = async move {
                all.pass(Some(&at_host)).await;
                index
            };
            (host.to_string(), job)
        });
        let done = runtime().block_on(side_by_side(jobs));
        assert_eq!(done, (0..20).map(Some).collect::<Vec<_>>());
        let most = |gauge: &Gauge| gauge.most.load(Ordering::SeqCst);
        assert_eq!(most(&all), AT_A_TIME);
        assert_eq!((most(&hosts[0]), most(&hosts[1])), (AT_ONE_HOST, AT_ONE_HOST));
    }

    #[test]
    fn a_job_that_fails_does_not_affect_the_others() {
        let jobs = (0..3).map(|index| {
            let job = async move {
                assert_ne!(index, 1, "this one fails");
                index
            };
            (String::new(), job)
        });
        assert_eq!(runtime().block_on(side_by_side(jobs)), [Some(0), None, Some(2)]);
    }
}
