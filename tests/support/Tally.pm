# Tally.pm: prove's own report with the words of the files that failed, and below it one closing line in plain numbers:
# N passed, N failed, N skipped.
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

# With many files at once prove shows no reasons. Here is kept all that a file says beside its successes.
sub open_test {
    my ($self, $name, $parser) = @_;
    my $said = $self->{said}{$name} = [];
    $parser->callback(ALL => sub {
        my ($line) = @_;
        push @$said, $line->raw unless $line->is_plan || $line->is_version || $line->is_test && $line->is_ok;
    });
    return $self->SUPER::open_test($name, $parser);
}

sub reasons {
    my ($self, $aggregate) = @_;
    for my $name ($aggregate->descriptions) {
        my ($parser) = $aggregate->parsers($name);
        $self->_output(join("\n", "\n--- $name", @{ $self->{said}{$name} }, '')) if $parser->has_problems;
    }
}

sub summary {
    my ($self, $aggregate, @rest) = @_;
    $self->reasons($aggregate);
    $self->SUPER::summary($aggregate, @rest);
    my $skipped = $aggregate->skipped;
    my $failed  = $aggregate->failed;
    $failed += broken($_) for $aggregate->parsers;
    my $passed = $aggregate->passed - $skipped;
    $skipped += grep { $_->skip_all } $aggregate->parsers;
    $self->_output("$passed passed, $failed failed, $skipped skipped\n");
}

1;
