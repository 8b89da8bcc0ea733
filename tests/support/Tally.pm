# Tally.pm: prove's own report, and below it one closing line in plain numbers: N passed, N failed, N skipped.
# A file that dies or keeps no plan counts as one failure more; no failure is lost between the numbers.
# SPDX-License-Identifier: MIT
package Tally;
use strict;
use warnings;
use parent 'TAP::Formatter::Console';

# Broken: problems that no failed test of the file tells of (a crash, a missing plan, a wrong count).
sub broken {
    my ($parser) = @_;
    return $parser->has_problems && !$parser->failed ? 1 : 0;
}

sub summary {
    my ($self, $aggregate, @rest) = @_;
    $self->SUPER::summary($aggregate, @rest);
    my $skipped = $aggregate->skipped;
    my $failed  = $aggregate->failed;
    $failed += broken($_) for $aggregate->parsers;
    my $passed = $aggregate->passed - $skipped;
    $skipped += grep { $_->skip_all } $aggregate->parsers;
    $self->_output("$passed passed, $failed failed, $skipped skipped\n");
}

1;
