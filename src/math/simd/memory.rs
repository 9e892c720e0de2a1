//! Memory that begins where a cache line begins.

use std::alloc::{GlobalAlloc, Layout, System};

/// Bytes of a cache line, and of the widest vector.
const LINE: usize = 64;
/// What is smaller than this is not worked through in vectors.
const WORTH_IT: usize = 4 * LINE;

/// The system's memory, with everything of more than a few vectors aligned to cache lines.
///
/// A vector of eight numbers is as long as a line. Where the system's own alignment of 16 bytes is left as it is, three of four buffers
/// have every single vector in two lines, and loops that do little to each number take up to twice as long.
pub struct CacheLines;

impl CacheLines {
    /// Follows from size and alignment alone, so that what is given back is what was handed out.
    fn aligned(layout: Layout) -> Layout {
        if layout.size() < WORTH_IT {
            return layout;
        }
        layout.align_to(LINE).unwrap_or(layout)
    }
}

// SAFETY: all memory is the system's, asked for and given back with the same layout; a stricter alignment is an alignment too.
// `realloc` is the default one, which asks for new memory and copies.
unsafe impl GlobalAlloc for CacheLines {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promises about `layout` hold for its size, which is the same.
        unsafe { System.alloc(Self::aligned(layout)) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(Self::aligned(layout)) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: `memory` came from `alloc` or `alloc_zeroed` with this layout.
        unsafe { System.dealloc(memory, Self::aligned(layout)) }
    }
}
