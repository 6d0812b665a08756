"""Words that anybody uses who speaks of payments and programs, so that nobody is known by them.

A name of somebody is known by nothing but that it is no such word, in capitals or not. It is better
to leave a word out too many: what is left out is counted, and a person can look for it.
"""

from __future__ import annotations

import functools
import re

KNOWN = 4096
"""So many words are known at a time."""

_WORDS = """
a about above absent accept acceptable acceptance access accordance according account accrual
accrue accrued ach ack acknowledge acknowledgement acl acquire across act action activate
activation active activity actor actual add addition additional address adjust adjustment admin
administrator advance advice advise aed aes after again against age ageing agency agent aggregate
aging agree agreement alert alias align all allocate allow allowance almost alone already also
alter alternate although always amend amendment aml among amortise amount amt an analyse analysis
analytics and annual another answer any anyone anything apart api app appear append applicable
applicant application apply appointment approval approve approver approx apr april archive are
area aren argument arn around array arrear arrive article as ascending ascii ask assess assessment
asset assign assignment associate assume at atm attach attachment attempt attention attribute
auction aud audience audit august auth authenticate authentication author authorisation authorise
authority authorization authorize auto automatic available average avoid await aware away aws b2b
b2c back backend backup bad balance ban bank banking bar barcode base basic basis batch baz bbps
be bearer because become been before begin behalf behind being belong below beneficiary benefit
best beta better between beyond bharat bic bid bill billing bin binary bind biometric blacklist
blank block blocked blocking bnpl body book booking boolean both bottom bought bounce boundary box
bps branch brand breach break bridge brief bring broken broker brought browser bucket budget
buffer build built bulk bundle business busy but buy buyer by byte cache cad calculate calculation
calendar call callback caller came campaign can cancel cancellation cannot canonical cap
capability capacity capital capture card cardholder care cart case cash catalog categorise
category caught cause caution cbs cdn cell centre certain certificate certification cgst chain
challenge change channel character charge chargeback chat cheap check checker checkout checksum
cheque chf choice choose cin circuit city claim class classification clean clear clearance
clearing click client clock clone close closed closing closure cloud cluster cnp cny code cohort
collect collection collector colour column combination come command comment commerce commercial
commission commit common communication company compare comparison compatible compensation compile
complaint complete completion complex compliance compliant component compose compound compress
compute concern conclude concurrent condition conditional confidential config configuration
configure confirm confirmation conflict conform connect connection connector consent consider
consistent constant constraint consume consumer contact contain container content context continue
contract contribution control conversion convert cookie coordinate copy core corporate correct
correction correlation correspond corrupt cors cost could couldn count counter counterparty
country coupon course court cover cpu crc create creation creator credential credit creditor
criteria critical crm cross crypto csr csrf csv ctr currency current currently custom customer cut
cutoff cvv cycle daily damage dashboard data database date day db dead deadline deal dealer debit
debt debtor december decide decimal decision decline decode decrease decrypt deduct deduction deem
default defect defer define definition degrade delay delegate delete deletion deliver delivery
demand denied deny department depend dependency dependent deposit deprecate depth derive
descending describe description deserialize design desired destination detail detect detection
determine dev develop developer development device diagnostic did didn differ difference different
digest digit digital dimension din direct direction directory disable disabled disallow disbursal
disburse disbursement discard disclose disconnect discount discrepancy dispatch display
disposition dispute distance distribute distributor district divide dns do dob doc docs document
does doesn domain domestic don done double down download downstream draft drop due dunning
duplicate duration during duty dynamic each early earn earning ecommerce edge edit editor effect
effective eft eid either elapse elapsed electronic element eligibility eligible else email embed
emi emission emit employee employer empty emv enable enabled encode encoding encounter encrypt
encryption end endpoint enforce engine enkash enough ensure enter enterprise entire entity entries
entry enum environment eod epoch equal equivalent erp err error escalate escalation escrow esign
essential establish estimate eta etag etc eur evaluate evaluation even event every evidence eway
exact exactly examine example exceed except exception excess exchange exclude exclusive execute
execution exempt exemption exhaust exist existence existing exit expand expect expected expense
experiment expiration expire expired expiry explain explicit export expose express ext extend
extension external extra extract facility factor fail failed failure fallback false family far
fast fatal fault favour fax fcm feature february fee feed fetch few field fifo file fill filter
fin final finance financial financing find fine finger fingerprint finish first fiscal fit fix
fixed fk flag flat flavour float floor flow folder follow foo for forbid forbidden force foreign
forget form format forward found fpx fraction frame fraud fraudulent free freeze freight frequency
frequent friday from frozen ftp fulfil fulfill fulfillment full fully function fund funding
further future fx gap gate gateway gave gbp general generate generation generic geo geocode get
give given global go gone good goods got governance government gps grn gross group growth gst
gstin gstn guarantee guarantor guard guest guid guide guideline had hadn half halt handle handler
handling happen hard has hash hashed hasn have haven header health heartbeat held help here hidden
hide high history hit hkd hmac hold holder holding holiday home host hour house how however hsn
html http https human hybrid iban id idempotency idempotent identical identification identifier
identify identity ids if ifsc ignore ignored igst illegal image imei immediate immediately impact
implement implementation implicit import important impose impossible imps imsi in inactive inbound
include including inclusive income incoming incompatible incomplete inconsistent incorrect
increase increment incur indent independent index indicate indicator individual industry
ineligible info inform information infrastructure inherit initial initialise initialize initiate
initiated initiation initiator inner input inquiry inr insert inside inspect inspection install
installation installment instalment instance instant instead institute institution instruction
instrument insufficient insurance int integer integration integrity intend intended intent inter
interaction interest interface intermediate internal international internet interrupt interval
into introduce invalid inventory invest investigation investment invitation invite invoice
invoicing invoke involve io ios ip irn irp is isin isn iso isolate issuance issue issuer it item
iteration itr its itself january jit job join journal journey jpeg jpg jpy js json july june just
jwt keep kept key keyword kind knew know known kyb kyc label lack land lane language large last
lat late latency later latest latitude latlong launch layer layout lead leading leaf leave led
ledger left legacy legal lei lender lending length less letter level leverage levy liability lic
licence license lien life lifecycle lifetime light like likely limbo limit limited line link
linked liquidity list listed literal live llp lng load loan local locale locality location lock
locked log logger logic login logistics logo lon long longer longitude look lookup loop lose loss
lost lot low lower loyalty lru mac machine made mail main maintain maintenance major make maker
malformed manage manager mandate mandatory manifest manual many map mapping march margin market
marketplace mask master match matched matching material matrix matter maturity maximum may mcc md
mdr mean meaning meanwhile measure mechanism media medium meet member membership memo memory
mention menu merchant merge message met meta metadata meter method metric mfa mic micr middle
migrate migration milestone mime minimum minor minute mismatch miss missing mistake mixed mobile
mode model moderate modification modified modify module moment monday money monitor month monthly
more most move movement mpin msg msisdn msme mtls mtn much multi multiple must mustn mutual
mystery nach nack naive name named namespace narration narrative national native nature nbfc near
necessary need neft negative negotiate nested net network never new newer next ngo no node nominal
nominee non nonce none nor normal not note nothing notice notification notify november now npci
nri ntp null nullable number numeric oauth object objection obligation observe obsolete obtain
occupy occur occurrence ocr october odd odr oem of off offer official offline offset often oid ok
old older omit on onboard onboarding once ondc one ongoing online only onward open opened operate
operation operational operator opinion opposite opt optimistic optimum option optional or order
ordering organisation organization origin original originator os other otherwise otp ought our out
outage outbound outcome outdated outer outgoing outlet output outside outstanding over overall
overdue overflow overlap overpaid override overview own owner ownership pack package packet page
pagination paid pair pan panel paper parallel parameter parent parked parse part partial partially
participant particular partner partnership party pass passed passive past patch path patient
pattern pause paused pay payable payee payer paying payload payment payout payroll pci pdf peer
penalty pend pending people per percent percentage perform performance period periodic permanent
permission permit person personal pg phase phone physical pick picture piece pin pincode ping
pipeline pk place placeholder plain plan planned plant platform please plus png po point pointer
policy poll pool popular port portal portion pos position positive possible post postal posted
postpone potential power pr practice pre preauth precede precision precondition prefer preference
prefix prepaid prepare present presentment preserve pressure prevent preview previous price
pricing primary principal print prior priority privacy private privilege probable probe problem
procedure proceed process processed processing processor procure procurement produce product
production profile profit program programme progress prohibit project promise promo promotion
prompt proof proper property proportion proposal propose protect protection protocol prove provide
provided provider province provision proxy psp ptp public publish pull purchase purge purpose push
put pvt qr qty qualified qualify quality quantity quarantine quarantined quarter query question
queue quick quiet quit quota quotation quote quoted radius raise raised random range rank rapid
rate rather rating ratio raw rbi rc reach reached read reader ready real reason reassign rebate
recall receipt receivable receive received receiver recent recipient reclaim recognise recognize
recommend reconcile reconciled reconciliation record recover recovery recurring redeem redemption
redirect reduce redundant ref refer reference referral refid refresh refund refunded refuse
refused regard regex region register registered registration registry regular regulation
regulatory reject rejected rejection relate relation relationship relative release released
relevant reliable relief remain remainder remaining remark remember remind reminder remit
remittance remote removal remove removed rename render renew renewal reopen reopened repair repay
repayment repeat repeated replace replacement replay reply repo report repository represent
representative req request requested requester requestor require required requirement resend
reserve reserved reset reside residual resolution resolve resolved resource resp respect respond
response responsible rest restart restore restrict restricted restriction result resume resumed
retail retailer retain retention retrieve retry return returned reuse revenue reversal reverse
reversed revert review reviewed reviewer revise revised revision revoke revoked reward rfq right
risk risky roi role roll rollback room root rotate rotation round route router routing row rpc rrn
rsa rtgs rtl rule run running runtime saas safe safety said salary sale sales salted sample
sanction sandbox sar satisfy saturday save saved saving saw say scale scan scenario schedule
scheduled schema scheme scope score screen script sdk seal search seat sec second secondary
section sector secure security see seek seem segment select selection self sell seller send sender
sending sensitive sent sentence sepa separate september seq sequence serial serialize series serve
server service servicing session set setting settle settled settlement setup several severe
severity sftp sgd sgst sha shadow shall shape shard share shared sharing sheet shift ship shipment
shipped shipping shop short shortfall should shouldn show shown shut side sign signal signature
signed significant signup silent sim similar simple simulate simulation since single site
situation size skip skipped sku sla slip slot slow small sms smtp snapshot snooze so social soft
software sold sole solution solve some something soon sort source space spam span special specific
specification specified specify speed spend split sponsor sql src ssid ssl sso stable stack staff
stage staged stale stamp stand standard standing start started state stated statement static
station statistic status statutory stay std step still stock stolen stop stopped storage store
stored strategy stream street strict string strong structure style sub subject submission submit
submitted subscribe subscriber subscription subsequent subset subsidy substitute succeed success
successful successfully such sudden suffice sufficient suffix suggest suggestion suit suitable sum
summary sunday supersede superseded supplement supplied supplier supply support supported suppose
surcharge surplus surprise survey suspect suspected suspend suspended suspension suspicious svc
swap sweep swift switch symbol sync synchronise synchronize syntax system table tag take taken tan
target tariff task tat tax taxable taxation tcp tcs tds team technical telephone temp template
temporarily temporary tenant tender tenure term terminal terminate terminated termination test
text than thank that the their them then there thereafter therefore these they thing third this
those though thought threat three threshold throttle throttled through throughput thursday thus
ticket tid tier time timeline timeout timer timestamp timezone tin title tls tmp tnc to today
together token tolerance too took tool top topic total totp touch tpap trace track tracking trade
trader trading traffic trail train transaction transfer transferred transform transient transit
transition translate transmission transmit transport travel treat treds tree trial trigger trim
trip true truncate trust trusted try ts ttl tuesday turn turnover twice two txn txnid type typical
udid udyam ui uid uin umrn unable unauthorised unauthorized unavailable unchanged uncleared
unconfirmed undelivered under underpaid undisputed undo unexpected unfulfilled unhandled unique
unit universal unknown unless unlike unlink unlock unmatched unpaid unprocessable unprocessed
unreachable unread unreadable unrecognised unrecognized unresolved unset unsettled unsigned
unsuccessful unsupported until unused unusual unverified up upcoming update updated upgrade upi
upload upon upper upstream urgent uri url usage usd use used useful user ussd usual utc utf utgst
utilise utilised utility utilize utm utr uuid ux vacant vague val valid validate validated
validation validity valuation value variable variance variant vary vat vault vector vehicle vendor
ver verification verified verify version versioning versus very via video view viewed violate
violation virtual visible visit voice void voided volume voucher vpa vpn vulnerable wait waiting
waive waived waiver wallet want warehouse warn warning warranty was wasn watch way we web webhook
website wednesday week weekly weight welcome well went were weren what when where whether which
while white who whole wholesale whom whose why wide width wifi will window wip wire with withdraw
withdrawal withdrawn withheld withhold within without won word work worker workflow working world
worth would wouldn wrap write writeoff written wrong wrote xls xml xss yaml year yearly yes yet
yield you your zero zip zone
"""

COMMON = frozenset(_WORDS.split())

_ENDINGS = (
    *(("ies", "y"), ("ied", "y"), ("ably", "able"), ("ibly", "ible"), ("ally", "al")),
    *((end, rest) for end in ("ing", "ed", "er", "ers", "es", "able") for rest in ("", "e")),
    *(("s", ""), ("d", ""), ("ly", ""), ("ness", ""), ("ment", "")),
)
"""Endings that make a word of another, each with what it stands in the place of."""

_BEGINNINGS = ("non", "pre", "un", "re", "de", "mis")
_PART = 4
"""Two words that are written as one have so many letters."""

_SHORT = ("id", "ids", "no", "url", "key", "type", "code", "date", "ref")
"""Shorter words that follow others."""

_TWICE = re.compile(r"([a-z])\1$")


@functools.lru_cache(maxsize=KNOWN)
def is_common(word: str) -> bool:
    """Return whether a word, in lower case, is one that anybody uses, or is made of such."""
    return _is_derived(word) or any(
        word.startswith(begin) and len(word) > _PART and _is_derived(word[len(begin) :])
        for begin in _BEGINNINGS
    )


def _is_derived(word: str) -> bool:
    if word in COMMON:
        return True
    for end, rest in _ENDINGS:
        stem = word.removesuffix(end)
        if stem != word and len(stem) > 1:
            found = (f"{stem}{rest}", *([] if rest else [_TWICE.sub(r"\1", stem)]))
            if any(each in COMMON and len(each) > 1 for each in found):
                return True
    return any(word[:at] in COMMON and _follows(word[at:]) for at in range(_PART, len(word) - 1))


def _follows(word: str) -> bool:
    """Return whether a word may be written behind another as one."""
    return word in COMMON and (len(word) >= _PART or word in _SHORT)
