//! Many tests in parallel, limited to spare the servers.

use std::{
    cmp::Reverse,
    collections::{HashMap, VecDeque},
};

use tokio::{
    sync::mpsc,
    task::{Id, JoinError, JoinSet},
};
use tokio_util::sync::CancellationToken;

use crate::{
    domain::check::{CheckRequest, diagnosis::Progress},
    net::http::NetOptions,
};

/// How many systems are tested at a time.
const AT_A_TIME: usize = 8;
/// How many of them may use the same token server, which counts them as one client.
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

/// Runs all jobs, each with the host it uses, and returns their results in the same order; `None` for a job that
/// crashed.
///
/// A free slot goes to the host with the most waiting jobs: otherwise the end would be one long queue at one host, with
/// most slots empty.
pub async fn side_by_side<T: Send + 'static>(
    jobs: impl Iterator<Item = (String, impl Future<Output = T> + Send + 'static)>,
) -> Vec<Option<T>> {
    let mut hosts: Vec<Host<_>> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut done = Vec::new();
    for (index, (name, job)) in jobs.enumerate() {
        let place = *places.entry(name).or_insert_with(|| {
            hosts.push(Host { waiting: VecDeque::new(), running: 0 });
            hosts.len() - 1
        });
        hosts[place].waiting.push_back((index, job));
        done.push(None);
    }
    let mut running = JoinSet::new();
    let mut at: HashMap<Id, usize> = HashMap::new();
    loop {
        while running.len() < AT_A_TIME
            && let Some((place, (index, job))) = next(&mut hosts)
        {
            let task = running.spawn(async move { (index, job.await) });
            at.insert(task.id(), place);
        }
        let Some(finished) = running.join_next_with_id().await else { return done };
        let id = finished.as_ref().map_or_else(JoinError::id, |(id, _)| *id);
        if let Some(place) = at.remove(&id) {
            hosts[place].running -= 1;
        }
        if let Ok((_, (index, outcome))) = finished {
            done[index] = Some(outcome);
        }
    }
}

/// The jobs of one host.
struct Host<F> {
    waiting: VecDeque<(usize, F)>,
    running: usize,
}

/// Takes the next job with the index of its host; `None` if nothing is waiting or every host with jobs is busy.
fn next<F>(hosts: &mut [Host<F>]) -> Option<(usize, (usize, F))> {
    let free = hosts.iter_mut().enumerate().filter(|(_, host)| host.running < AT_ONE_HOST && !host.waiting.is_empty());
    let (place, host) = free.min_by_key(|(_, host)| Reverse(host.waiting.len()))?;
    host.running += 1;
    Some((place, host.waiting.pop_front()?))
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{
            Arc, Mutex,
            atomic::{AtomicUsize, Ordering},
        },
        time::Duration,
    };

    use super::*;

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread().build().unwrap()
    }

    /// How many are running now, and the maximum so far.
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
        // The first host has far more jobs than the others and comes first.
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

    /// The total time of jobs of one second each, if nothing else takes time; `hosts` names the host of each.
    fn seconds(hosts: impl IntoIterator<Item = usize>) -> u64 {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let jobs = hosts.into_iter().map(|host| {
            let job = async { tokio::time::sleep(Duration::from_secs(1)).await };
            (host.to_string(), job)
        });
        runtime.block_on(async {
            let began = tokio::time::Instant::now();
            side_by_side(jobs).await;
            began.elapsed().as_secs()
        })
    }

    #[test]
    fn two_hundred_take_as_long_as_eight_at_a_time_need_wherever_the_busy_host_comes() {
        let rounds = 200 / AT_A_TIME as u64;
        assert_eq!(seconds(0..200), rounds, "each has a host of its own");
        assert_eq!(seconds((0..200).map(|system| system % 3)), rounds, "three hosts");
        let (many, few) = (std::iter::repeat_n(0, 100), 1..=100);
        assert_eq!(seconds(many.clone().chain(few.clone())), rounds, "half of them are at the first host");
        assert_eq!(seconds(few.chain(many)), rounds, "half of them are at the last host");
        assert_eq!(seconds(std::iter::repeat_n(0, 200)), 200 / AT_ONE_HOST as u64, "all of them are at one host");
    }

    #[test]
    fn tests_that_never_end_hold_back_none_at_another_host() {
        let finished = Arc::new(Mutex::new(Vec::new()));
        let (stuck, others) = (0..AT_ONE_HOST + 2, 0..100);
        let jobs =
            stuck.map(|_| ("stuck".to_owned(), None)).chain(others.map(|index| (format!("host {index}"), Some(index))));
        let jobs = jobs.map(|(host, index)| {
            let finished = Arc::clone(&finished);
            let job = async move {
                match index {
                    None => std::future::pending().await,
                    Some(index) => finished.lock().unwrap().push(index),
                }
            };
            (host, job)
        });
        let all = side_by_side(jobs);
        let others_are_done = async {
            while finished.lock().unwrap().len() < 100 {
                tokio::task::yield_now().await;
            }
        };
        runtime().block_on(async {
            tokio::select! {
                _ = all => unreachable!("the stuck ones never end"),
                () = others_are_done => {}
            }
        });
    }
}
