//! The playhead: which step the screen shows.

/// Seconds that a whole run takes at speed 1.
const SECONDS_A_RUN: f64 = 10.0;
/// How long the end is shown before a loop starts over.
const PAUSE_AT_END: f64 = 1.0;

/// Speeds offered in the menu.
pub const SPEEDS: [f64; 7] = [0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 10.0];

/// The playhead.
#[derive(Debug, Clone, PartialEq)]
pub struct Playback {
    pub playing: bool,
    /// The step shown, with the fraction on the way to the next.
    position: f64,
    waited: f64,
}

impl Default for Playback {
    fn default() -> Self {
        Self {
            playing: true,
            position: 0.0,
            waited: 0.0,
        }
    }
}

impl Playback {
    /// The step shown.
    pub fn step(&self) -> u64 {
        self.position as u64
    }

    /// Shows a step.
    pub fn go_to(&mut self, step: u64) {
        self.position = step as f64;
        self.waited = 0.0;
    }

    /// Moves by a number of steps and stops playing: who steps wants to look.
    pub fn step_by(&mut self, steps: i64, last: u64) {
        self.playing = false;
        self.go_to(self.step().saturating_add_signed(steps).min(last));
    }

    /// Lets time go by. `last` is the last step of the experiment, `known` the last one computed so far.
    pub fn advance(&mut self, seconds: f64, speed: f64, looping: bool, last: u64, known: u64) {
        self.position = self.position.min(last as f64);
        if !self.playing {
            return;
        }
        let rate = last as f64 / SECONDS_A_RUN * speed;
        let frontier = known.min(last) as f64;
        if self.position < last as f64 {
            self.position = (self.position + rate * seconds).min(frontier.max(self.position));
            self.waited = 0.0;
            return;
        }
        self.waited += seconds;
        if !looping {
            self.playing = false;
        } else if self.waited > PAUSE_AT_END {
            self.go_to(0);
        }
    }

    /// Starts or stops; at the end, starts over.
    pub fn toggle(&mut self, last: u64) {
        self.playing = !self.playing;
        if self.playing && self.step() >= last {
            self.go_to(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_for_steps_that_are_not_computed_yet() {
        let mut playback = Playback::default();
        playback.advance(5.0, 1.0, true, 1000, 20);
        assert_eq!(playback.step(), 20);
        playback.advance(1.0, 1.0, true, 1000, 1000);
        assert_eq!(playback.step(), 120);
    }

    #[test]
    fn loops_after_a_pause_or_stops() {
        let mut playback = Playback::default();
        playback.advance(20.0, 1.0, true, 100, 100);
        assert_eq!(playback.step(), 100);
        playback.advance(1.1, 1.0, true, 100, 100);
        assert_eq!(playback.step(), 0);
        playback.go_to(100);
        playback.advance(0.1, 1.0, false, 100, 100);
        assert!(!playback.playing);
    }

    #[test]
    fn stepping_stops_at_both_ends() {
        let mut playback = Playback::default();
        playback.step_by(-1, 10);
        assert_eq!(playback.step(), 0);
        playback.step_by(99, 10);
        assert_eq!(playback.step(), 10);
        assert!(!playback.playing);
    }
}
